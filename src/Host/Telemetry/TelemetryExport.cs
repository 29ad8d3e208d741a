using System.Runtime.CompilerServices;

namespace AptP2P.Host.Telemetry;

/// <summary>
/// Sends metrics, and traces and the log where that is asked for, by OTLP; all <c>OTEL_*</c> variables count (docs/metrics.md). Without
/// them nothing is measured, and none of OpenTelemetry's code is loaded.
/// </summary>
internal sealed partial class TelemetryExport(
    IConfiguration environment, string version, LogTap tap, TimeProvider time, ILogger<TelemetryExport> logger)
    : IHostedService,
        IDisposable
{
    /// <summary>How long the stop waits for a collector to take the last of it.</summary>
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(1);

    private readonly ExportSettings _settings = new(environment);
    private Pipeline? _pipeline;
    private CollectorWatch? _watch;

    /// <summary>What metrics can be fetched from, while that is possible.</summary>
    public Pipeline? Fetched => _settings.Prometheus ? _pipeline : null;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var problem in _settings.Problems)
        {
            LogProblem(logger, problem);
        }

        if (_settings.IsAnything)
        {
            Begin();
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _pipeline, null) is not { } pipeline)
        {
            return;
        }

        tap.Reader = null;
        var wasFailing = _watch!.IsFailing;
        var flushing = Task.Run(pipeline.Dispose, CancellationToken.None); // a thread of its own: it waits for its exporters one by one
        await flushing.WaitAsync(FlushTime, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!flushing.IsCompleted && !wasFailing)
        {
            LogNotFlushed(logger, string.Join(", ", _settings.Collectors.Select(collector => collector.Authority).Distinct()));
        }
    }

    public void Dispose() => _watch?.Dispose();

    /// <summary>On its own, so that to begin without OpenTelemetry loads nothing of it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Begin()
    {
        _watch = new CollectorWatch([.. _settings.Collectors], logger);
        _pipeline = new Pipeline(_settings, environment, version);
        tap.Reader = _pipeline.Log;
        Tell("Metrics", _settings.MetricsTo);
        Tell("Traces", _settings.TracesTo);
        Tell("Log lines", _settings.LogsTo);
    }

    private void Tell(string what, Uri? collector)
    {
        if (collector is not null)
        {
            LogExporting(logger, what, collector);
        }
    }

    [LoggerMessage(1600, LogLevel.Information, "{What} are sent to {Endpoint}")]
    private static partial void LogExporting(ILogger logger, string what, Uri endpoint);

    [LoggerMessage(1603, LogLevel.Warning, "OpenTelemetry: {Problem}")]
    private static partial void LogProblem(ILogger logger, string problem);

    [LoggerMessage(1604, LogLevel.Warning, "The last telemetry is lost: {Collector} has not taken it within a second")]
    private static partial void LogNotFlushed(ILogger logger, string collector);
}
