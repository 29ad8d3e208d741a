using System.Net;
using System.Net.Sockets;
using AptP2P.Host.Telemetry;
using AptP2P.Testing;
using AptP2P.Testing.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AptP2P.Host.Tests.Telemetry;

/// <summary>A collector that is down, slow or wrong costs nobody anything, and is said once.</summary>
public sealed class CollectorTroubleTests
{
    private const string Address = "127.92.2.1";
    private const int TakesNothing = 1601;
    private const int NotFlushed = 1604;

    private readonly TroubleLog _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task Stop_CollectorNeverAnswers_IsOverAfterASecond(string protocol)
    {
        using var hole = new TcpListener(IPAddress.Parse(Address), 0);
        hole.Start();
        var time = new VirtualTime();
        using var export = New($"http://{hole.LocalEndpoint}", protocol, time);
        await export.StartAsync(Cancellation);

        var stopping = export.StopAsync(Cancellation);
        using var asked = await hole.AcceptTcpClientAsync(Cancellation);
        Assert.False(stopping.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await stopping;

        Assert.Contains(_log.All, line => line.Id == NotFlushed);
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task Stop_NobodyListens_IsSaidOnceForAllThatIsSent(string protocol)
    {
        using var export = New($"http://{Address}:1", protocol, TimeProvider.System);
        await export.StartAsync(Cancellation);
        using (var span = Tracing.Source.StartActivity("test"))
        {
            Assert.NotNull(span); // so there is something of it to send
        }

        await export.StopAsync(Cancellation);

        Assert.Contains("refused", Assert.Single(_log.All, line => line.Id == TakesNothing).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_log.All, line => line.Id == NotFlushed);
    }

    [Fact]
    public async Task Export_CollectorIsBack_IsSaidOnce()
    {
        await using var collector = FaultyServer.Start(Address, ReadOnlyMemory<byte>.Empty);
        collector.Script(Answer.Error(503), Answer.Error(503));
        using var export = New($"http://{collector.EndPoint}", "http/protobuf", TimeProvider.System, ("OTEL_METRIC_EXPORT_INTERVAL", "1"));
        await export.StartAsync(Cancellation);

        await _log.TakesAgain.WaitAsync(Cancellation);
        await export.StopAsync(Cancellation);
        Assert.Single(_log.All, line => line.Id == TakesNothing);
    }

    private TelemetryExport New(string endpoint, string protocol, TimeProvider time, params (string Name, string Value)[] more)
    {
        Dictionary<string, string?> environment = new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "3600000", // only the stop sends
            ["OTEL_TRACES_EXPORTER"] = "otlp",
            ["OTEL_TRACES_SAMPLER"] = "always_on",
            ["OTEL_LOGS_EXPORTER"] = "otlp",
        };
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        return new(new ConfigurationBuilder().AddInMemoryCollection(environment).Build(), "1.2.3", new LogTap(), time, _log);
    }

    /// <summary>Keeps the lines, and tells when one says that the collector is back.</summary>
    private sealed class TroubleLog : ILogger<TelemetryExport>
    {
        private readonly LogLines<TelemetryExport> _lines = new();
        private readonly TaskCompletionSource _takesAgain = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<(LogLevel Level, int Id, string Text)> All => _lines.All;

        public Task TakesAgain => _takesAgain.Task;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            _lines.Log(logLevel, eventId, state, exception, formatter);
            if (eventId.Id == 1602)
            {
                _takesAgain.TrySetResult();
            }
        }
    }
}
