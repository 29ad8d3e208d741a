using System.Diagnostics.Tracing;

namespace AptP2P.Host.Telemetry;

/// <summary>
/// Hears from the OTLP exporter how its sending goes, and says in one line that a collector takes nothing, and in one that all take what
/// they get again. The exporter itself says it to whoever listens to its events, and to nobody else.
/// </summary>
internal sealed partial class CollectorWatch(IReadOnlyList<Uri> collectors, ILogger logger) : EventListener
{
    private const string Exporter = "OpenTelemetry-Exporter-OpenTelemetryProtocol";
    private const string Success = "ExportSuccess";

    private readonly HashSet<string> _failing = [];

    /// <summary>Whether one takes nothing at the moment.</summary>
    public bool IsFailing
    {
        get
        {
            lock (_failing)
            {
                return _failing.Count > 0;
            }
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Exporter)
        {
            EnableEvents(eventSource, EventLevel.Informational); // failures are warnings and errors, successes are information
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // The first value of such an event is the address that was sent to, the second is what went wrong.
        if (eventData is not { EventSource.Name: Exporter, Payload: [string target, ..] payload }
            || !Uri.TryCreate(target, UriKind.Absolute, out var address)
            || !collectors.Any(collector => collector.Authority == address.Authority))
        {
            return;
        }

        if (eventData.EventName == Success)
        {
            if (Changes(() => _failing.Remove(target), isOver: true))
            {
                LogTakesAgain(logger, address.Authority);
            }
        }
        else if (eventData.Level <= EventLevel.Warning && Changes(() => _failing.Add(target), isOver: false))
        {
            LogTakesNothing(logger, address.Authority, ReasonOf(payload.ElementAtOrDefault(1) as string ?? eventData.EventName ?? ""));
        }
    }

    /// <summary>Whether it begins or ends that some address fails.</summary>
    private bool Changes(Func<bool> change, bool isOver)
    {
        lock (_failing)
        {
            return change() && _failing.Count == (isOver ? 0 : 1);
        }
    }

    /// <summary>An exception's message, without its type and its stack.</summary>
    private static string ReasonOf(string exception)
    {
        var line = exception.AsSpan(0, exception.AsSpan().IndexOfAny('\r', '\n') is >= 0 and var end ? end : exception.Length);
        var colon = line.IndexOf("Exception: ", StringComparison.Ordinal);
        return line[(colon < 0 ? 0 : colon + "Exception: ".Length)..].ToString();
    }

    [LoggerMessage(
        1601, LogLevel.Warning, "The collector at {Collector} takes no telemetry: {Reason}. It is tried again; nothing else waits for it")]
    private static partial void LogTakesNothing(ILogger logger, string collector, string reason);

    [LoggerMessage(1602, LogLevel.Information, "The collector at {Collector} takes telemetry again")]
    private static partial void LogTakesAgain(ILogger logger, string collector);
}
