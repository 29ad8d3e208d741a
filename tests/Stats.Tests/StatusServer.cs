using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AptP2P.Stats.Tests;

/// <summary>The plugin behind a real server, with sections that a test gives it.</summary>
internal sealed class StatusServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StatusServer(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Client { get; }

    public Uri Url => Client.BaseAddress!;

    public static Task<StatusServer> StartAsync(params IStatusSection[] sections) =>
        StartAsync(new StatsOptions(), TimeProvider.System, sections);

    public static async Task<StatusServer> StartAsync(StatsOptions options, TimeProvider time, params IStatusSection[] sections)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse("127.91.1.1"), 0));
        builder.Services.AddRouting().AddLogging().AddSingleton(time).AddSingleton(Options.Create(options));
        foreach (var section in sections)
        {
            builder.Services.AddSingleton(section);
        }

        var plugin = new StatsPlugin();
        var stopping = new CancellationTokenSource();
        plugin.ConfigureServices(
            builder.Services,
            new PluginContext("/nowhere", new IPEndPoint(IPAddress.Loopback, 9977)) { Stopping = stopping.Token });
        var app = builder.Build();
        app.Lifetime.ApplicationStopping.Register(() => stopping.CancelAsync());
        plugin.MapEndpoints(app);
        await app.StartAsync();
        return new StatusServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
