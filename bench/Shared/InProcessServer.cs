using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AptP2P.Bench;

/// <summary>A web server in the process of the benchmark: the least that Kestrel needs, and one method that answers everything.</summary>
internal sealed class InProcessServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    public InProcessServer(IPEndPoint endPoint, RequestDelegate answer)
    {
        Address = new Uri($"http://{endPoint}/");
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(endPoint);
            kestrel.Limits.MinResponseDataRate = null; // a slow client keeps its connection
        });
        _application = builder.Build();
        _application.Run(answer);
    }

    public Uri Address { get; }

    public Task StartAsync() => _application.StartAsync();

    /// <summary>Ends at once: requests that are under way are cut.</summary>
    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
