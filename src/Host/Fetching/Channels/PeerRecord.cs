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
    private long? _lateNeighbours;
    private long? _slow;
    private long? _slowToSay;
    private int _slowAnswers; // of neighbours, in a row
    private long? _delivered;
    private long? _deliveredNear;
    private long? _vain;
    private int _vainSearches; // in a row

    /// <summary>
    /// Whether peers were late, and have not done well since. The origin does not wait for them, and they are only on trial.
    /// </summary>
    public bool AreLate => IsRecent(ref _late);

    /// <summary>Whether the origin was known to be faster than the peers that were found, the last time.</summary>
    public bool AreSlow => IsRecent(ref _slow);

    /// <summary>Whether nothing is known of them, good or bad: the origin leaves them something to show it by.</summary>
    public bool AreUnknown =>
        !AreProven && !AreSlow && !AreLate && !IsRecent(ref _deliveredNear) && !IsRecent(ref _lateNeighbours);

    /// <summary>
    /// Whether any of them has done well lately that a search found, or that is far. The origin waits for no other searches: neighbours
    /// that are known say what they have without one.
    /// </summary>
    public bool AreProven => options.Value.WaitForUntried || IsRecent(ref _delivered);

    /// <summary>Whether neighbours say so slowly whether they have a file that the origin does not wait for it.</summary>
    public bool AreSlowToSay
    {
        get
        {
            lock (_lock)
            {
                return _slowAnswers >= options.Value.VainSearches && IsRecent(_slowToSay);
            }
        }
    }

    /// <summary>Whether a channel is of those that were late.</summary>
    public bool IsLate(FetchChannel channel) => channel.IsPeer && (channel.IsNear ? IsRecent(ref _lateNeighbours) : AreLate);

    /// <summary>Whether it is of those of whom none has done well lately.</summary>
    public bool IsUnproven(FetchChannel channel) =>
        channel.IsPeer && !options.Value.WaitForUntried && !(channel.IsNear ? IsRecent(ref _deliveredNear) : AreProven);

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
    public void WereLate() => Note(ref _late);

    /// <summary>A peer was, before which the origin has come.</summary>
    public void WasLate(FetchChannel channel) => Note(ref channel.IsNear ? ref _lateNeighbours : ref _late);

    /// <summary>A peer did what it was asked for before anybody was quicker.</summary>
    public void Delivered(FetchChannel channel)
    {
        lock (_lock)
        {
            (channel.IsNear ? ref _lateNeighbours : ref _late) = null;
            var now = time.GetTimestamp();
            _deliveredNear = channel.IsNear ? now : _deliveredNear;
            _delivered = !channel.IsNear || channel.WasSearched ? now : _delivered;
        }
    }

    /// <summary>Peers are known to be slower than the origin, or no longer.</summary>
    public void WereSlow(bool areSlow)
    {
        lock (_lock)
        {
            _slow = areSlow ? time.GetTimestamp() : null;
        }
    }

    /// <summary>A neighbour has a file that is wanted, or is getting it.</summary>
    public void FoundNeighbour()
    {
        lock (_lock)
        {
            _slowAnswers = 0;
        }
    }

    /// <summary>Neighbours did not say in time whether they have a file.</summary>
    public void WereSlowToSay()
    {
        lock (_lock)
        {
            _slowToSay = time.GetTimestamp();
            _slowAnswers++;
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

    private void Note(ref long? moment)
    {
        lock (_lock)
        {
            moment = time.GetTimestamp();
        }
    }

    private bool IsRecent(ref long? moment)
    {
        lock (_lock)
        {
            return IsRecent(moment);
        }
    }

    private bool IsRecent(long? moment) => moment is { } at && time.GetElapsedTime(at) < options.Value.Doubt;
}
