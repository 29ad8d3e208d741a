namespace AptP2P.Dht.Kademlia.Queries;

/// <summary>How many bytes per second came and went between the last readings that were a second or more apart.</summary>
internal sealed class TrafficRate(TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1); // of less, a rate says more of the moment than of the line

    private readonly Lock _lock = new();
    private Reading? _last;
    private (double In, double Out)? _rate;

    /// <summary><see langword="null"/> at the first reading.</summary>
    public (double In, double Out)? Read(Traffic traffic)
    {
        lock (_lock)
        {
            var now = new Reading(traffic, time.GetTimestamp(), traffic.BytesIn, traffic.BytesOut);
            if (_last is not { } last || last.Traffic != traffic) // another node: the service was started again
            {
                (_last, _rate) = (now, null);
            }
            else if (time.GetElapsedTime(last.At, now.At) is var span && span >= Shortest)
            {
                _rate = ((now.In - last.In) / span.TotalSeconds, (now.Out - last.Out) / span.TotalSeconds);
                _last = now;
            }

            return _rate;
        }
    }

    private sealed record Reading(Traffic Traffic, long At, long In, long Out);
}
