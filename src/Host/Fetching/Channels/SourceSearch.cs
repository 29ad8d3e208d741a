namespace AptP2P.Host.Fetching.Channels;

/// <summary>How far the sources were asked for channels of one fetch, and what may still come of them.</summary>
/// <param name="content">What the channels are for.</param>
/// <param name="environment">The sources.</param>
/// <param name="channels">Those that have come.</param>
/// <param name="isRepeated">Whether all peers are looked for again and again while the fetch runs, and not only neighbours.</param>
internal sealed class SourceSearch(Content content, ChannelEnvironment environment, FetchChannels channels, bool isRepeated)
{
    private int _openingOrigin; // sources that are still opening channels, by role
    private int _openingPeers;
    private int _openingLocal;
    private TimeSpan _pause = isRepeated ? environment.Options.SearchAgain : environment.Options.AskNearAgain;
    private long _searchedAt;
    private long _originOpenedAt;
    private bool _isLocalOpened;
    private bool _mayAskPeers = environment.MayAskPeers(content);

    /// <summary>Whether the content has an origin at all.</summary>
    public bool HasOrigin { get; } = !content.Origins.IsEmpty && environment.HasSource(SourceRole.Origin);

    public bool IsOriginOpened { get; private set; }

    /// <summary>Whether an origin's channel may still come. One that takes for ever is not waited for.</summary>
    public bool IsOpeningOrigin => Volatile.Read(ref _openingOrigin) > 0 && UntilOriginOpened > TimeSpan.Zero;

    /// <summary>How long an origin's channel is waited for.</summary>
    public TimeSpan UntilOriginOpened => environment.Options.OriginAnyway - environment.Time.GetElapsedTime(_originOpenedAt);

    /// <summary>What the origin did for other fetches, before it is asked; 0 while unknown.</summary>
    public double OriginSpeed =>
        content.Origins.IsEmpty ? 0 : environment.Speeds.Of(SourceRole.Origin, content.Origins[0].Authority).Rate;

    /// <summary>
    /// Whether those who are known, neighbours among them, have not said yet whether they have it, or which pieces. Not once the origin is
    /// asked: whoever comes later takes over from it.
    /// </summary>
    public bool AwaitsNeighbours =>
        HasPeers
        && !IsOriginOpened
        && !environment.Peers.AreSlowToSay
        && (channels.Live().FindAll(channel => channel is { IsPeer: true, IsNear: true }) is { Count: > 0 } near
            ? near.TrueForAll(channel => !channel.IsReady)
            : PeersOpened == PeerUse.None || (PeersOpened == PeerUse.Known && IsOpeningPeers));

    /// <summary>Whether the origin was tried, and nothing more will come of it.</summary>
    public bool HasOriginFailed =>
        IsOriginOpened && !IsOpeningOrigin && channels.All.All(channel => !channel.IsOrigin || channel.IsRetired);

    public bool IsOriginLeft => HasOrigin && !HasOriginFailed;

    /// <summary>Whether a copy at hand may still be found.</summary>
    public bool IsOpeningLocal => Volatile.Read(ref _openingLocal) > 0;

    /// <summary>How far peers have been asked for.</summary>
    public PeerUse PeersOpened { get; private set; }

    public bool IsOpeningPeers => Volatile.Read(ref _openingPeers) > 0;

    /// <summary>Whether peers are being looked for, or will be.</summary>
    public bool MayFindPeers => HasPeers && (PeersOpened != PeerUse.Search || IsOpeningPeers);

    /// <summary>Whether the search for peers is over, and each that was found has told what has to be known of it.</summary>
    public bool IsFinished =>
        !HasPeers
        || (PeersOpened == PeerUse.Search && !IsOpeningPeers && channels.Live().TrueForAll(channel => !channel.IsPeer || channel.IsReady));

    /// <summary>
    /// How far to go when peers are looked for again. Asking neighbours costs next to nothing, so that is done for small files too: those
    /// who began at the same moment did not know of each other.
    /// </summary>
    public SearchEffort Repeated => isRepeated ? SearchEffort.Search : SearchEffort.Near;

    /// <summary>When <see cref="TryRepeat"/> has something to do.</summary>
    public TimeSpan? UntilRepeat =>
        CanRepeat
            ? _pause - environment.Time.GetElapsedTime(_searchedAt) is { Ticks: > 0 } left
                ? left
                : TimeSpan.FromMilliseconds(1)
            : null;

    private bool HasPeers => _mayAskPeers && environment.HasSource(SourceRole.Peers);

    private bool CanRepeat =>
        HasPeers
        && (isRepeated ? PeersOpened == PeerUse.Search : PeersOpened != PeerUse.None)
        && !IsOpeningPeers
        && channels.Live().Count < environment.Options.Channels;

    /// <returns>Whether the origin is to be asked now: it has not been so far.</returns>
    public bool TryOrigin()
    {
        if (IsOriginOpened)
        {
            return false;
        }

        (IsOriginOpened, _originOpenedAt) = (true, environment.Time.GetTimestamp());
        return true;
    }

    /// <returns>Whether copies at hand are to be looked for now: they have not been so far.</returns>
    public bool TryLocal() => !_isLocalOpened && (_isLocalOpened = true);

    /// <returns>Whether peers are to be asked for now: they may be, and have not been this far.</returns>
    public bool TryPeers(PeerUse use)
    {
        _mayAskPeers = _mayAskPeers || environment.MayAskPeers(content);
        if (!_mayAskPeers || use <= PeersOpened)
        {
            return false;
        }

        (PeersOpened, _searchedAt) = (use, environment.Time.GetTimestamp());
        return true;
    }

    /// <returns>Whether to look now if somebody else has come to get or to have the content.</returns>
    public bool TryRepeat()
    {
        if (!CanRepeat || environment.Time.GetElapsedTime(_searchedAt) < _pause)
        {
            return false;
        }

        var longest = environment.Options.SearchAgainMax;
        (_pause, _searchedAt) = (_pause * 2 < longest ? _pause * 2 : longest, environment.Time.GetTimestamp());
        return true;
    }

    /// <summary>A source begins to open channels.</summary>
    public void Began(SourceRole role) => Interlocked.Increment(ref Opening(role));

    /// <summary>It has opened all that it had.</summary>
    public void Ended(SourceRole role) => Interlocked.Decrement(ref Opening(role));

    private ref int Opening(SourceRole role) =>
        ref (role == SourceRole.Peers ? ref _openingPeers : ref (role == SourceRole.Local ? ref _openingLocal : ref _openingOrigin));
}
