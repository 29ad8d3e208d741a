using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia;

/// <summary>
/// At which targets piece lists are stored, as peers said in look-ups: a <see cref="PieceClaim"/> of the contract names a list by its
/// digest, but an item is found by its target.
/// </summary>
internal sealed class ClaimTargets(KademliaOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ContentHash, NodeId> _targets = [];
    private readonly Queue<ContentHash> _order = new();

    public void Add(ContentHash digest, NodeId target)
    {
        lock (_gate)
        {
            if (_targets.TryAdd(digest, target))
            {
                _order.Enqueue(digest);
                if (_order.Count > options.MaxClaimTargets)
                {
                    _targets.Remove(_order.Dequeue());
                }
            }
        }
    }

    public NodeId? Find(ContentHash digest)
    {
        lock (_gate)
        {
            return _targets.TryGetValue(digest, out var target) ? target : null;
        }
    }
}
