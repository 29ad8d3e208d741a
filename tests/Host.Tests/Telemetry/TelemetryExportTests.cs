using System.Collections;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using AptP2P.Host.Configuration;
using AptP2P.Host.Daemon;
using AptP2P.Host.Telemetry;
using AptP2P.Testing.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AptP2P.Host.Tests.Telemetry;

public sealed class TelemetryExportTests
{
    private const string Address = "127.92.1.1";

    [Theory]
    [InlineData("http/protobuf", "http /v1/metrics application/x-protobuf")]
    [InlineData("grpc", "grpc /opentelemetry.proto.collector.metrics.v1.MetricsService/Export")]
    public async Task Stop_EndpointIsSet_ReceiverHasAllMetersWithTheLastNumbers(string protocol, string via)
    {
        await using var receiver = await OtlpReceiver.StartAsync(Address);
        var port = protocol == "grpc" ? receiver.GrpcPort : receiver.HttpPort;
        await using var app = Build(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://{Address}:{port}",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
            ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment=test",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "3600000", // only the stop sends
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient();
        await client.GetAsync(app.Urls.Single(), TestContext.Current.CancellationToken);
        using var meter = app.Services.GetRequiredService<IMeterFactory>().Create("AptP2P.Test");
        meter.CreateCounter<long>("aptp2p.test.bytes", "By").Add(42);
        meter.CreateHistogram<double>("aptp2p.test.duration", "s").Record(0.3);

        await app.StopAsync(TestContext.Current.CancellationToken);
        var received = await receiver.ReceiveAsync(TestContext.Current.CancellationToken);

        Assert.Equal(via, received.GetProperty("via").GetString());
        var resource = received.GetProperty("resourceMetrics")[0];
        var attributes = resource
            .GetProperty("resource")
            .GetProperty("attributes")
            .EnumerateArray()
            .ToDictionary(
                attribute => attribute.GetProperty("key").GetString()!,
                attribute => attribute.GetProperty("value").GetProperty("stringValue").GetString());
        Assert.Equal("apt-p2p", attributes["service.name"]);
        Assert.Equal("1.2.3", attributes["service.version"]);
        Assert.Equal("test", attributes["deployment.environment"]);

        // Tests that run at the same time have meters of the same names in this process, so only this test's own are alone.
        var metrics = resource
            .GetProperty("scopeMetrics")
            .EnumerateArray()
            .SelectMany(scope => scope.GetProperty("metrics").EnumerateArray())
            .ToLookup(metric => metric.GetProperty("name").GetString()!);
        var counter = metrics["aptp2p.test.bytes"].Single();
        Assert.Equal("By", counter.GetProperty("unit").GetString());
        Assert.Equal(42, counter.GetProperty("sum").GetProperty("dataPoints")[0].GetProperty("asInt").GetInt64());
        var histogram = metrics["aptp2p.test.duration"].Single().GetProperty("histogram").GetProperty("dataPoints")[0];
        Assert.Contains(0.25, histogram.GetProperty("explicitBounds").EnumerateArray().Select(bound => bound.GetDouble()));
        Assert.True(metrics.Contains("kestrel.connection.duration"));
        Assert.True(metrics.Contains("http.server.request.duration"));
        Assert.True(metrics.Contains("dotnet.gc.collections"));
    }

    [Fact]
    public async Task Start_ServiceNameIsSet_IsUsed()
    {
        await using var receiver = await OtlpReceiver.StartAsync(Address);
        await using var app = Build(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://{Address}:{receiver.HttpPort}",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_SERVICE_NAME"] = "my-cache",
        });
        await app.StartAsync(TestContext.Current.CancellationToken);

        await app.StopAsync(TestContext.Current.CancellationToken);
        var received = await receiver.ReceiveAsync(TestContext.Current.CancellationToken);

        Assert.Contains(
            "my-cache", received.GetProperty("resourceMetrics")[0].GetProperty("resource").GetRawText(), StringComparison.Ordinal);
    }

    private static WebApplication Build(Dictionary<string, string?> environment)
    {
        var features = new ServiceCollection();
        features.AddTelemetry(
            Settings.Read(CommandLine.Read([]), new Hashtable()),
            new ConfigurationBuilder().AddInMemoryCollection(environment).Build(),
            "1.2.3");
        var node = new NodeOptions { Bind = IPAddress.Parse(Address), Port = FreePort(), Log = LogLevel.None };
        return Server.CreateBuilder(node, features).Build();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Parse(Address), 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
