using AptP2P.Testing;

namespace AptP2P.Host.Tests.Fetching.Upgrades;

/// <summary>A host's line: all who read from it share its speed, each portion waits for those before it, and nothing comes sooner than a
/// round trip after it was asked for.</summary>
internal sealed class PacedLine(VirtualTime time, double bytesPerSecond, double roundTripMilliseconds)
{
    private TimeSpan _free;

    public TimeSpan RoundTrip { get; } = TimeSpan.FromMilliseconds(roundTripMilliseconds);

    /// <summary>All bytes that were sent, those included that nobody took any more.</summary>
    public long Sent { get; private set; }

    public async Task SendAsync(int count, CancellationToken cancellationToken)
    {
        Sent += count;
        var start = _free > time.Elapsed ? _free : time.Elapsed;
        _free = start + TimeSpan.FromSeconds(count / bytesPerSecond);
        await Task.Delay(_free - time.Elapsed, time, cancellationToken);
    }

    /// <summary>The reader has gone: what was on its way to it is lost, at most so much.</summary>
    public void Lose(long most) => Sent += (long)Math.Min(most, RoundTrip.TotalSeconds * bytesPerSecond);
}
