using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Routing;

/// <summary>What the table tells: to our own look-ups, and to others.</summary>
internal sealed partial class RoutingTable
{
    /// <summary>
    /// Whether there are too few nodes with ids that belong to their addresses to keep a key. Then others will do: in a young network, most
    /// do not know their addresses yet. In a large one this is never so, and there nobody can choose ids.
    /// </summary>
    public bool IsYoung => _complying < options.BucketSize;

    /// <summary>In how many subnets contacts are that are not local, counted up to a number.</summary>
    public int CountSubnets(int max)
    {
        var subnets = new HashSet<UdpEndpoint>();
        foreach (var contact in _byEndpoint.Values)
        {
            if (!contact.Endpoint.IsLocal() && subnets.Add(contact.Endpoint.Subnet) && subnets.Count >= max)
            {
                break;
            }
        }

        return subnets.Count;
    }

    /// <summary>
    /// The nearest contacts that a requester is told of: those that anyone can reach or, while there are few contacts, all that answer.
    /// </summary>
    public ReadOnlySpan<Contact> ClosestToTell(NodeId target, int count, UdpEndpoint requester) => Closest(
        target,
        count,
        Count < options.BucketSize * 4
            ? IsYoung
                ? static (contact, requester) => contact.Answers && contact.Endpoint.MayBeTold(requester)
                : static (contact, requester) => contact.IsWell && contact.Endpoint.MayBeTold(requester)
            : static (contact, requester) => contact.IsWell && contact.IsConfirmed && contact.Endpoint.MayBeTold(requester),
        requester);

    /// <summary>The nearest live contacts, nearest first; valid until the next call.</summary>
    public ReadOnlySpan<Contact> Closest(
        NodeId target, int count, Func<Contact, UdpEndpoint, bool>? where = null, UdpEndpoint requester = default)
    {
        _closest.Begin(target, count);

        // Bucket i holds the ids that differ from ours first in bit i. The target's own bucket is nearest to it. Next come all deeper
        // buckets, which are equally far in their leading bits, and then the shallower ones, one by one.
        var home = Math.Min(Own.CommonPrefix(target), NodeId.Bits - 1);
        Offer(home, where, requester);
        if (!_closest.IsFull)
        {
            for (var i = home + 1; i < _buckets.Length; i++)
            {
                Offer(i, where, requester);
            }
        }

        for (var i = home - 1; i >= 0 && !_closest.IsFull; i--)
        {
            Offer(i, where, requester);
        }

        return _closest.Found;
    }

    private void Offer(int index, Func<Contact, UdpEndpoint, bool>? where, UdpEndpoint requester)
    {
        if (_buckets[index] is not { } bucket)
        {
            return;
        }

        for (var i = 0; i < bucket.Live.Count; i++) // for every query of a stranger: an enumerator would be garbage
        {
            if (where is null || where(bucket.Live[i], requester))
            {
                _closest.Offer(bucket.Live[i]);
            }
        }
    }
}
