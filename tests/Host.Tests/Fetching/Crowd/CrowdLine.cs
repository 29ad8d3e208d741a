using AptP2P.Testing;

namespace AptP2P.Host.Tests.Fetching.Crowd;

/// <summary>A line of limited speed that many share fairly: each portion waits for those before it.</summary>
internal sealed class CrowdLine(VirtualTime time, long bytesPerSecond)
{
    private TimeSpan _free;

    /// <summary>How often something was asked for over it.</summary>
    public int Requests { get; set; }

    /// <summary>All bytes that went over it.</summary>
    public long Bytes { get; private set; }

    public async Task TransmitAsync(int count, CancellationToken cancellationToken)
    {
        var start = _free > time.Elapsed ? _free : time.Elapsed;
        _free = start + TimeSpan.FromSeconds((double)count / bytesPerSecond);
        await Task.Delay(_free - time.Elapsed, time, cancellationToken);
        Bytes += count;
    }
}
