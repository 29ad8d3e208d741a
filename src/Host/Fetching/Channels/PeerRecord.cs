using Microsoft.Extensions.Options;

namespace AptP2P.Host.Fetching.Channels;

/// <summary>
/// What recent fetches say of peers: whether their bytes, and the search for them, are worth waiting for. Without it, each file
/// would wait anew to find out that the peers do not answer, or that a young network has nobody.
/// </summary>
internal sealed class PeerRecord(IOptions<ChannelOptions> options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long? _late; // when they were last (a timestamp)
    private long? _vain;
    private int _vainSearches; // in a row

    /// <summary>
    /// Whether peers were late, and have not done well since. The origin does not wait for them, and they are only on trial.
    /// </summary>
    public bool AreLate
    {
        get
        {
            lock (_lock)
            {
                return IsRecent(_late);
            }
        }
    }

    /// <summary>Whether searches for peers bring nobody. The origin does not wait for the next one.</summary>
    public bool AreSearchesVain
    {
        get
        {
            lock (_lock)
            {
                return _vainSearches >= options.Value.VainSearches && IsRecent(_vain);
            }
        }
    }

    /// <summary>Peers were waited for, and gave nothing or next to nothing.</summary>
    public void WereLate()
    {
        lock (_lock)
        {
            _late = time.GetTimestamp();
        }
    }

    /// <summary>A peer did what it was asked for before anybody was quicker.</summary>
    public void Delivered()
    {
        lock (_lock)
        {
            _late = null;
        }
    }

    /// <summary>A search was waited for, and brought nobody in time.</summary>
    public void SearchedInVain()
    {
        lock (_lock)
        {
            _vain = time.GetTimestamp();
            _vainSearches++;
        }
    }

    public void Found()
    {
        lock (_lock)
        {
            _vainSearches = 0;
        }
    }

    private bool IsRecent(long? moment) => moment is { } at && time.GetElapsedTime(at) < options.Value.Doubt;
}
