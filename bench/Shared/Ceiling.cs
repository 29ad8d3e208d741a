using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace AptP2P.Bench;

/// <summary>
/// What is left when the daemon's web server does nothing else: every answer is the same array in memory. No daemon that is built on it can
/// be faster, or smaller. A process of its own, which is this program again.
/// </summary>
internal static class Ceiling
{
    public const string Name = "Kestrel alone";
    public const string Command = "serve-from-memory";

    public static Task<Server> StartAsync(IPEndPoint endPoint, int length) =>
        Server.StartAsync(
            endPoint, Path.Combine(AppContext.BaseDirectory, typeof(Ceiling).Assembly.GetName().Name!),
            Command, $"{endPoint}", $"{length}");

    public static async Task ServeAsync(IPEndPoint endPoint, int length)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(endPoint));
        var application = builder.Build();
        var body = new byte[length];
        application.Run(async context =>
        {
            context.Response.ContentLength = body.Length;
            await context.Response.BodyWriter.WriteAsync(body);
        });
        await application.RunAsync();
    }
}
