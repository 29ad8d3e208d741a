using System.Collections;
using System.Net;
using System.Net.Sockets;
using AptP2P.Host.Configuration;
using AptP2P.Host.Daemon;
using AptP2P.Host.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AptP2P.Host.Tests.Telemetry;

public sealed class MetricsEndpointTests
{
    private const string Address = "127.92.3.1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_ExporterIsPrometheus_MetricsInItsFormat()
    {
        var (status, text) = await GetAsync("prometheus", "127.0.0.0/8");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\nkestrel_active_connections{", text, StringComparison.Ordinal);
        Assert.Contains("service_name=\"apt-p2p\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Address, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_NotAskedFor_NotFoundWithWhatToSet()
    {
        var (status, text) = await GetAsync("", "127.0.0.0/8");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("OTEL_METRICS_EXPORTER=prometheus", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_FromElsewhere_ForbiddenWithWhatToSet()
    {
        var (status, text) = await GetAsync("prometheus", "192.0.2.0/24");

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("[Metrics] Allow", text, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, string Text)> GetAsync(string exporter, string allow)
    {
        var settings = Settings.Read(CommandLine.Read([$"--Metrics:Allow={allow}"]), new Hashtable());
        var environment = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("OTEL_METRICS_EXPORTER", (string?)exporter)]).Build();
        var features = new ServiceCollection();
        features.AddTelemetry(settings, environment, "1.2.3");
        var node = new NodeOptions { Bind = IPAddress.Parse(Address), Port = FreePort(), Log = LogLevel.None };
        var builder = Server.CreateBuilder(node, features);
        settings.AddTo(builder.Services);
        await using var app = builder.Build();
        app.MapMetrics();
        await app.StartAsync(Cancellation);
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(new Uri(app.Urls.Single()), MetricsEndpoint.Path), Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Parse(Address), 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
