using System.Diagnostics.Metrics;

namespace AptP2P.Host.Telemetry;

/// <summary>The buckets of the daemon's durations, in seconds.</summary>
internal static class Durations
{
    /// <summary>Of a first byte: a stored file has it in a fraction of a millisecond, and apt waits for half a minute.</summary>
    public static InstrumentAdvice<double> FirstByte { get; } = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    /// <summary>Of work on a whole file: a small one takes milliseconds, a large one over a slow line an hour.</summary>
    public static InstrumentAdvice<double> Work { get; } = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600],
    };
}
