using System.Net;
using AptP2P.Source.Peers.Configuration;
using Microsoft.Extensions.Options;

namespace AptP2P.Source.Peers.Reputation;

/// <summary>
/// Peers that others have found nearby. They are asked before any look-up, beside those that were good, whose places they do not take.
/// </summary>
internal sealed class NearPeers(IOptions<PeersOptions> options, TimeProvider time)
{
    /// <summary>How long one may be silent: by then it would have given three signs of life.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPEndPoint, (long Seen, bool WasGood)> _peers = [];

    /// <summary>Those that are there, the latest first.</summary>
    public IReadOnlyList<IPEndPoint> All => Find(_ => true);

    /// <summary>Those of them that have given something.</summary>
    public IReadOnlyList<IPEndPoint> Good => Find(wasGood => wasGood);

    /// <summary>
    /// One gives a sign of life. When there are more than are asked, the one that was silent for longest makes room, of those first that
    /// have given nothing: anybody here can make up some.
    /// </summary>
    public void Seen(IPEndPoint peer)
    {
        lock (_lock)
        {
            _peers[peer] = (time.GetTimestamp(), _peers.GetValueOrDefault(peer).WasGood);
            if (_peers.Count > options.Value.Neighbours)
            {
                _peers.Remove(_peers.MinBy(entry => (entry.Value.WasGood, entry.Value.Seen)).Key);
            }
        }
    }

    /// <summary>One has given something.</summary>
    /// <returns>Whether it is one of these.</returns>
    public bool WasGood(IPEndPoint peer)
    {
        lock (_lock)
        {
            return _peers.TryGetValue(peer, out var known) && (_peers[peer] = known with { WasGood = true }).WasGood;
        }
    }

    /// <summary>One does not answer, or is not wanted: it is forgotten until its next sign of life.</summary>
    public void Forget(IPEndPoint peer)
    {
        lock (_lock)
        {
            _peers.Remove(peer);
        }
    }

    public bool Contains(IPEndPoint peer)
    {
        lock (_lock)
        {
            return _peers.ContainsKey(peer);
        }
    }

    private List<IPEndPoint> Find(Func<bool, bool> isWanted)
    {
        lock (_lock)
        {
            foreach (var (peer, (seen, _)) in _peers)
            {
                if (time.GetElapsedTime(seen) >= Silence)
                {
                    _peers.Remove(peer);
                }
            }

            return
            [
                .. _peers
                    .Where(entry => isWanted(entry.Value.WasGood))
                    .OrderByDescending(entry => entry.Value.Seen)
                    .Select(entry => entry.Key),
            ];
        }
    }
}
