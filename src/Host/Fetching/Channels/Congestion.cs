namespace AptP2P.Host.Fetching.Channels;

/// <summary>
/// How promptly a fetch's peers answer now, and what follows from it: from how many of them it reads at a time, and for how long a known
/// one is waited for. Where all are late they are not bad but busy, or share this node's line: asking more of them would make each later,
/// and taking work away from one for another would waste what it has begun.
/// </summary>
/// <remarks>
/// As TCP does it (RFC 5681, RFC 6298): one more with each prompt answer until one is late; half as many then, and after that one more
/// when all of them have been prompt.
/// </remarks>
internal sealed class Congestion(ChannelOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _window = options.PeersAtOnce;
    private double _firstByte; // seconds, smoothed; 0 before the first
    private bool _wasLate;
    private long _reduced;

    /// <summary>From how many peers to read at a time.</summary>
    public int Window
    {
        get
        {
            lock (_lock)
            {
                return (int)_window;
            }
        }
    }

    /// <summary>Whether one more peer may be read from, beside so many.</summary>
    public bool HasRoom(int peersAtWork) => peersAtWork < Window;

    /// <summary>How long nothing may come from a peer that is known to give.</summary>
    public TimeSpan Patience
    {
        get
        {
            lock (_lock)
            {
                var expected = TimeSpan.FromSeconds(options.LateFactor * _firstByte);
                expected = expected < options.CrowdPatience ? expected : options.CrowdPatience;
                return expected > options.Silence ? expected : options.Silence;
            }
        }
    }

    /// <summary>A peer's first byte came, or it was given up without one, after this long.</summary>
    public void Waited(TimeSpan wait)
    {
        lock (_lock)
        {
            _firstByte =
                _firstByte == 0 ? wait.TotalSeconds : (options.NewestShare * wait.TotalSeconds) + ((1 - options.NewestShare) * _firstByte);
            if (wait < options.Silence)
            {
                _window = Math.Min(options.Channels, _window + (_wasLate ? 1 / _window : 1));
            }
            else if (!_wasLate || time.GetElapsedTime(_reduced) >= wait)
            {
                // Once for all that were asked together: those were asked before the window was smaller.
                (_window, _wasLate, _reduced) = (Math.Max(options.PeersAtLeast, _window / 2), true, time.GetTimestamp());
            }
        }
    }
}
