using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Reachability;

/// <summary>How often this node connects because others asked for it: so many a minute, and one at a time for each host.</summary>
internal sealed class ReachRates(KademliaOptions options, TimeProvider time)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Queue<(long At, UdpEndpoint Host)> _begun = new(); // no longer than MaxReachAnswers
    private readonly HashSet<UdpEndpoint> _running = [];

    /// <summary>Whether it may be done for a host now; then <see cref="Leave"/> is to be called at the end.</summary>
    public bool TryEnter(UdpEndpoint requester)
    {
        var host = requester.Host;
        lock (_gate)
        {
            while (_begun.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) >= Minute)
            {
                _begun.Dequeue();
            }

            if (_begun.Count >= options.MaxReachAnswers
                || _begun.Count(begun => begun.Host == host) >= options.MaxReachAnswersPerAddress
                || !_running.Add(host))
            {
                return false;
            }

            _begun.Enqueue((time.GetTimestamp(), host));
            return true;
        }
    }

    public void Leave(UdpEndpoint requester)
    {
        lock (_gate)
        {
            _running.Remove(requester.Host);
        }
    }
}
