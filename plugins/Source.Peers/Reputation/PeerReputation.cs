using System.Net;
using System.Threading.Channels;
using AptP2P.Source.Peers.Addresses;
using AptP2P.Source.Peers.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AptP2P.Source.Peers.Reputation;

/// <summary>What this node remembers of peers: who was good lately, who could not be reached, who sent wrong bytes.</summary>
internal sealed partial class PeerReputation(
    IOptions<PeersOptions> options, PeerParties parties, NearPeers near, TimeProvider time, ILogger<PeerReputation> logger)
{
    private const int Refusals = 4096; // liars must not fill the memory
    private const int Absences = 1024; // nor must dead addresses that a hostile look-up names

    private static readonly TimeSpan FirstAbsence = TimeSpan.FromSeconds(30); // a restart takes as long
    private static readonly TimeSpan LongestAbsence = TimeSpan.FromMinutes(10);

    private long _refusedCount, _misledCount;
    private readonly Lock _lock = new();
    private readonly LinkedList<IPEndPoint> _good = []; // the latest first
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Pauses<IPEndPoint> _absent = new(FirstAbsence, LongestAbsence, Absences, time);

    /// <summary>By <see cref="PartyOf"/>: a liar has many ports.</summary>
    public Pauses<IPAddress> Refused { get; } = new(options.Value.FirstRefusal, options.Value.LongestRefusal, Refusals, time);

    private Pauses<IPAddress> Misled { get; } = new(options.Value.FirstRefusal, options.Value.LongestRefusal, Refusals, time);

    /// <summary>How often a peer was refused since the start.</summary>
    public long RefusedCount => Interlocked.Read(ref _refusedCount);

    /// <summary>How often one was found to pass on something wrong.</summary>
    public long MisledCount => Interlocked.Read(ref _misledCount);

    /// <summary>Tells when <see cref="Refused"/> is to be saved.</summary>
    public ChannelReader<bool> Changes => _changes.Reader;

    /// <summary>Peers that were good lately and can be asked, the latest first, but for neighbours.</summary>
    public IReadOnlyList<IPEndPoint> Good
    {
        get
        {
            lock (_lock)
            {
                return [.. _good.Where(IsWelcome)];
            }
        }
    }

    /// <summary>Neighbours that can be asked.</summary>
    public IReadOnlyList<IPEndPoint> Neighbours => [.. near.All.Where(IsWelcome)];

    /// <summary>
    /// The best of them, no more than others: those that were good first. At the start none was, and all may want the same files.
    /// </summary>
    public IReadOnlyList<IPEndPoint> BestNeighbours => [.. near.Good.Union(near.All).Where(IsWelcome).Take(options.Value.KnownPeers)];

    /// <summary>Those that were good lately, near or elsewhere, by <see cref="PartyOf"/>.</summary>
    public IReadOnlySet<IPAddress> GoodParties => Good.Concat(near.Good).Select(PartyOf).ToHashSet();

    public bool IsNeighbour(IPEndPoint peer) => near.Contains(peer);

    public IPAddress PartyOf(IPEndPoint peer) => parties.Of(peer.Address);

    public bool IsWelcome(IPEndPoint peer) => !Refused.IsPaused(PartyOf(peer)) && !_absent.IsPaused(peer);

    /// <summary>
    /// Whether pieces are taken from a peer that it only passes on. Not after it passed on wrong ones: whoever gives them to it, or it
    /// itself, lies.
    /// </summary>
    public bool TakesPassed(IPEndPoint peer) => !Misled.IsPaused(PartyOf(peer));

    public void WasGood(IPEndPoint peer)
    {
        _absent.Remove(peer);
        var isNear = near.WasGood(peer);
        lock (_lock)
        {
            _good.Remove(peer);
            if (isNear)
            {
                return; // it takes nobody's place
            }

            _good.AddFirst(peer);
            if (_good.Count > options.Value.KnownPeers)
            {
                _good.RemoveLast();
            }
        }
    }

    public void WasAbsent(IPEndPoint peer)
    {
        near.Forget(peer);
        var pause = _absent.Add(peer);
        LogAbsent(logger, peer, pause);
    }

    /// <summary>The machine is elsewhere.</summary>
    public void ForgetAbsences() => _absent.Clear();

    public void PassedOnWrong(IPEndPoint peer, string reason)
    {
        Interlocked.Increment(ref _misledCount);
        var pause = Misled.Add(PartyOf(peer));
        LogMisled(logger, peer, pause, reason);
    }

    public void WasWrong(IPEndPoint peer, string reason)
    {
        Interlocked.Increment(ref _refusedCount);
        var pause = Refused.Add(PartyOf(peer), reason);
        lock (_lock)
        {
            _good.Remove(peer);
        }

        _changes.Writer.TryWrite(true);
        LogRefused(logger, peer, pause, reason);
    }

    [LoggerMessage(4000, LogLevel.Debug, "{Peer} sent something wrong and is refused for {Pause}: {Reason}")]
    private static partial void LogRefused(ILogger logger, IPEndPoint peer, TimeSpan pause, string reason);

    [LoggerMessage(
        4030, LogLevel.Debug, "{Peer} passed on something wrong; for {Pause} it is asked only for what it vouches for: {Reason}")]
    private static partial void LogMisled(ILogger logger, IPEndPoint peer, TimeSpan pause, string reason);

    [LoggerMessage(4001, LogLevel.Debug, "{Peer} cannot be reached and is not tried for {Pause}")]
    private static partial void LogAbsent(ILogger logger, IPEndPoint peer, TimeSpan pause);
}
