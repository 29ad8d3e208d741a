using AptP2P.Host.Telemetry;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace AptP2P.Host.Tests.Telemetry;

public sealed class ExportSettingsTests
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317";

    [Theory]
    [InlineData("")]
    [InlineData("OTEL_SERVICE_NAME=x")]
    [InlineData($"{Endpoint} OTEL_METRICS_EXPORTER=none")]
    [InlineData($"{Endpoint} OTEL_TRACES_EXPORTER=otlp OTEL_SDK_DISABLED=true")]
    public void New_NothingIsAskedFor_NothingIsSent(string variables)
    {
        var settings = Read(variables);

        Assert.False(settings.IsAnything);
        Assert.Empty(settings.Problems);
    }

    [Theory]
    [InlineData(Endpoint, "metrics")]
    [InlineData($"{Endpoint} OTEL_METRICS_EXPORTER=otlp,prometheus", "metrics prometheus")]
    [InlineData("OTEL_METRICS_EXPORTER=prometheus", "prometheus")]
    [InlineData($"{Endpoint} OTEL_METRICS_EXPORTER=none OTEL_TRACES_EXPORTER=otlp", "traces")]
    [InlineData($"{Endpoint} OTEL_LOGS_EXPORTER=otlp", "metrics logs")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://t:1 OTEL_TRACES_EXPORTER=otlp", "traces")]
    public void New_SomeSignals_ThoseAreSent(string variables, string sent)
    {
        var settings = Read(variables);

        (bool IsSent, string Name)[] all =
        [
            (settings.MetricsTo is not null, "metrics"), (settings.TracesTo is not null, "traces"), (settings.LogsTo is not null, "logs"),
            (settings.Prometheus, "prometheus"),
        ];
        Assert.Equal(sent, string.Join(' ', all.Where(one => one.IsSent).Select(one => one.Name)));
        Assert.Empty(settings.Problems);
    }

    [Theory]
    [InlineData("OTEL_TRACES_EXPORTER=otlp", "set OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("OTEL_LOGS_EXPORTER=otlp", "set OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=localhost:4317", "write it as http://localhost:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=collector OTEL_TRACES_EXPORTER=otlp", "write it as http://localhost:4317")]
    [InlineData("OTEL_METRICS_EXPORTER=console", "write otlp, prometheus or none")]
    [InlineData("OTEL_TRACES_EXPORTER=jaeger", "write otlp or none")]
    [InlineData($"{Endpoint} OTEL_EXPORTER_OTLP_PROTOCOL=http/json", "write grpc or http/protobuf")]
    [InlineData($"{Endpoint} OTEL_EXPORTER_OTLP_LOGS_PROTOCOL=udp", "write grpc or http/protobuf")]
    [InlineData($"{Endpoint} OTEL_EXPORTER_OTLP_TIMEOUT=10s", "no number of milliseconds")]
    [InlineData($"{Endpoint} OTEL_METRIC_EXPORT_INTERVAL=0", "no number of milliseconds")]
    [InlineData($"{Endpoint} OTEL_TRACES_SAMPLER=sometimes", "write always_on, ")]
    [InlineData($"{Endpoint} OTEL_TRACES_SAMPLER_ARG=5%", "write a number from 0 to 1")]
    [InlineData($"{Endpoint} OTEL_TRACES_SAMPLER_ARG=2", "write a number from 0 to 1")]
    public void Problems_AValueThatMakesNoSense_AreOneThatSaysWhatToWrite(string variables, string advice) =>
        Assert.Contains(advice, Assert.Single(Read(variables).Problems), StringComparison.Ordinal);

    private static ExportSettings Read(string variables) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(variable => variable.Split('=', 2))
            .Select(variable => KeyValuePair.Create(variable[0], (string?)variable[1])))
        .Build());
}
