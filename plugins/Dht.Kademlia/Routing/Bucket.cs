using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Routing;

/// <summary>
/// The contacts that share a number of leading bits with our own id
/// (<see href="https://pdos.csail.mit.edu/~petar/papers/maymounkov-kademlia-lncs.pdf">Kademlia</see>, section 2.4). If it is full,
/// newcomers wait as replacements until a contact fails. A contact loses its place only to a node that has answered us.
/// </summary>
internal sealed class Bucket(int prefix, int capacity, KademliaOptions options)
{
    private readonly List<Contact> _live = [];
    private readonly List<Contact> _replacements = [];

    public IReadOnlyList<Contact> Live => _live;

    public IReadOnlyList<Contact> Replacements => _replacements;

    public bool IsFull => _live.Count >= capacity;

    /// <summary>When a node of it last answered, or was looked for. After a quarter of an hour it is refreshed (BEP 5).</summary>
    public TimeSpan LastTouched { get; set; }

    /// <summary>Takes a contact that has just answered. If another has to go for it, that one is in <paramref name="evicted"/>.</summary>
    /// <returns>Whether it is live now.</returns>
    public bool TryAdmit(Contact contact, out Contact? evicted)
    {
        evicted = null;
        if (SubnetCount(contact) >= options.MaxNodesPerSubnetInBucket && !contact.Endpoint.IsLocal())
        {
            return false;
        }

        if (IsFull)
        {
            evicted = ChooseVictim(contact);
            if (evicted is null)
            {
                Remember(contact);
                return false;
            }

            _live.Remove(evicted);
        }

        _replacements.RemoveAll(other => other.Endpoint == contact.Endpoint);
        _live.Add(contact);
        return true;
    }

    /// <summary>Whether a node would become live if it answered: then it is worth a ping.</summary>
    public bool HasRoomFor(NodeId id, UdpEndpoint endpoint)
    {
        if (!IsFull)
        {
            return true;
        }

        var complies = BoundNodeId.Complies(id, endpoint);
        foreach (var contact in _live)
        {
            if (contact.Failures > 0 || (complies && !contact.Complies))
            {
                return true;
            }
        }

        return false;
    }

    public void Remove(Contact contact)
    {
        _live.Remove(contact);
        _replacements.Remove(contact);
    }

    /// <summary>Makes the replacement live that answered last; the next query shows whether it still does.</summary>
    public Contact? Promote()
    {
        while (_replacements.Count > 0)
        {
            var best = _replacements[^1];
            _replacements.RemoveAt(_replacements.Count - 1);
            if (SubnetCount(best) < options.MaxNodesPerSubnetInBucket || best.Endpoint.IsLocal())
            {
                _live.Add(best);
                return best;
            }
        }

        return null;
    }

    private void Remember(Contact contact)
    {
        _replacements.RemoveAll(other => other.Endpoint == contact.Endpoint || other.Id == contact.Id);
        if (_replacements.Count >= options.BucketSize)
        {
            _replacements.RemoveAt(0);
        }

        _replacements.Add(contact);
    }

    // First a contact that fails has to go, then one whose id does not belong to its address. Else it is the slowest contact of the eighth
    // of the bucket that has the most contacts; if the newcomer is in the same eighth, it must be clearly faster. So the bucket stays
    // spread over its part of the key space, and round trips become short.
    private Contact? ChooseVictim(Contact newcomer)
    {
        Span<int> eighths = stackalloc int[8];
        eighths.Clear();
        foreach (var contact in _live)
        {
            if (contact.Failures > 0 || (newcomer.Complies && !contact.Complies))
            {
                return contact;
            }

            eighths[contact.Id.ThreeBits(prefix + 1)]++;
        }

        if (!newcomer.Complies)
        {
            return null;
        }

        var own = newcomer.Id.ThreeBits(prefix + 1);
        eighths[own]++;
        var crowded = own;
        for (var i = 0; i < eighths.Length; i++)
        {
            crowded = eighths[i] > eighths[crowded] ? i : crowded;
        }

        var slowest = default(Contact);
        foreach (var contact in _live)
        {
            if (contact.Id.ThreeBits(prefix + 1) == crowded && (slowest is null || contact.RoundTrip > slowest.RoundTrip))
            {
                slowest = contact;
            }
        }

        return slowest is not null && (crowded != own || newcomer.RoundTrip < slowest.RoundTrip * options.FasterBy) ? slowest : null;
    }

    private int SubnetCount(Contact newcomer)
    {
        var count = 0;
        var subnet = newcomer.Endpoint.Subnet;
        foreach (var contact in _live)
        {
            count += contact.Endpoint.Subnet == subnet ? 1 : 0;
        }

        return count;
    }
}
