using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Routing;

/// <summary>
/// The nodes that we know, by how many leading bits their ids share with ours
/// (<see href="https://pdos.csail.mit.edu/~petar/papers/maymounkov-kademlia-lncs.pdf">Kademlia</see>, section 2.4;
/// <see href="https://www.bittorrent.org/beps/bep_0005.html">BEP 5</see>). Only nodes that have answered us are in it. The first buckets
/// are larger than k: half of all look-ups begin in the first one, and with more nodes to choose from, the first hops are nearer and
/// faster.
/// </summary>
internal sealed partial class RoutingTable(NodeId own, KademliaOptions options)
{
    private static readonly int[] FirstBuckets = [16, 8, 4, 2];

    private readonly Bucket?[] _buckets = new Bucket?[NodeId.Bits];
    private readonly Dictionary<UdpEndpoint, Contact> _byEndpoint = [];
    private readonly Dictionary<NodeId, Contact> _byId = [];
    private readonly ClosestContacts _closest = new(64);
    private int _complying;

    public NodeId Own { get; } = own;

    /// <summary>Live contacts.</summary>
    public int Count => _byEndpoint.Count;

    public IReadOnlyCollection<Contact> Contacts => _byEndpoint.Values;

    /// <summary>The buckets that exist, each with the number of leading bits that its contacts share with us.</summary>
    public IEnumerable<(int Prefix, Bucket Bucket)> Buckets
    {
        get
        {
            for (var i = 0; i < _buckets.Length; i++)
            {
                if (_buckets[i] is { } bucket)
                {
                    yield return (i, bucket);
                }
            }
        }
    }

    /// <summary>Notes that a look-up is sent into a bucket.</summary>
    public void Touch(int prefix, TimeSpan now)
    {
        if (_buckets[prefix] is { } bucket)
        {
            bucket.LastTouched = now;
        }
    }

    public Contact? Find(UdpEndpoint endpoint) => _byEndpoint.GetValueOrDefault(endpoint);

    /// <summary>Where a node is on the local network, if it is known there.</summary>
    public UdpEndpoint? LocalOf(NodeId id) =>
        _byId.TryGetValue(id, out var contact) && contact.Endpoint.IsLocal() ? contact.Endpoint : null;

    /// <summary>A node has answered a query of ours.</summary>
    /// <param name="id">Who it says it is.</param>
    /// <param name="endpoint">Where it was asked.</param>
    /// <param name="roundTrip">How long it took.</param>
    /// <param name="now">The time.</param>
    /// <param name="confirmed">Whether it had not just asked us: then the answer shows that anyone can reach it.</param>
    /// <returns>The contact if it is new among the live ones.</returns>
    public Contact? Answered(NodeId id, UdpEndpoint endpoint, TimeSpan roundTrip, TimeSpan now, bool confirmed = true)
    {
        if (id == Own)
        {
            return null;
        }

        var bucket = BucketOf(id);
        if (_byEndpoint.TryGetValue(endpoint, out var known))
        {
            if (known.Id == id)
            {
                known.IsConfirmed |= confirmed && now - known.LastHeard >= options.ConfirmAfter;
                known.Answered(roundTrip, now);
                bucket.LastTouched = now;
                return null;
            }

            Remove(known); // the node has taken another id
        }
        else if (_byId.TryGetValue(id, out known))
        {
            if (known.Failures == 0 && !IsNearer(endpoint, known))
            {
                return null; // somebody claims the id of a node that answers
            }

            Remove(known);
        }

        if (!endpoint.IsLocal() && HasAddress(endpoint))
        {
            return null;
        }

        var contact = new Contact(id, endpoint) { IsConfirmed = confirmed };
        contact.Answered(roundTrip, now);
        if (!bucket.TryAdmit(contact, out var evicted))
        {
            return null;
        }

        if (evicted is not null)
        {
            Forget(evicted);
        }

        bucket.LastTouched = now;
        Know(contact);
        return contact;
    }

    /// <summary>Takes over the contacts of a table that was arranged around another id.</summary>
    public void TakeOver(RoutingTable other, TimeSpan now)
    {
        foreach (var contact in other.Contacts)
        {
            Answered(contact.Id, contact.Endpoint, contact.RoundTrip, now, contact.IsConfirmed);
        }
    }

    /// <summary>
    /// A node has asked us something. That proves nothing, since addresses can be forged; but a contact that has answered before stays
    /// good.
    /// </summary>
    public void Asked(NodeId id, UdpEndpoint endpoint, TimeSpan now)
    {
        if (_byEndpoint.TryGetValue(endpoint, out var contact) && contact.Id == id)
        {
            contact.LastHeard = now;
        }
    }

    /// <summary>Whether a node that we have only heard of would get a place if it answered.</summary>
    public bool WouldTake(NodeId id, UdpEndpoint endpoint) =>
        id != Own
        && !_byEndpoint.ContainsKey(endpoint)
        && !(_byId.TryGetValue(id, out var known) && known.Failures == 0 && !IsNearer(endpoint, known))
        && (_buckets[Own.CommonPrefix(id)]?.HasRoomFor(id, endpoint) ?? true);

    /// <summary>A node has said that it does not want to be asked.</summary>
    public void Drop(UdpEndpoint endpoint)
    {
        if (Find(endpoint) is { } contact)
        {
            Remove(contact);
            if (BucketOf(contact.Id).Promote() is { } promoted)
            {
                Know(promoted);
            }
        }
    }

    /// <summary>A node did not answer. After some failures it loses its place; after two if a replacement waits.</summary>
    /// <param name="endpoint">Where it was asked.</param>
    /// <param name="promoted">The replacement that is live now.</param>
    /// <returns>Whether it lost its place.</returns>
    public bool Failed(UdpEndpoint endpoint, out Contact? promoted)
    {
        promoted = null;
        if (!_byEndpoint.TryGetValue(endpoint, out var contact))
        {
            return false;
        }

        var bucket = BucketOf(contact.Id);
        contact.Failures++;
        var patience = contact.IsConfirmed ? options.MaxFailures : Math.Min(3, options.MaxFailures);
        if (contact.Failures < patience && (contact.Failures < 2 || bucket.Replacements.Count == 0))
        {
            return false;
        }

        Remove(contact);
        promoted = bucket.Promote();
        if (promoted is not null)
        {
            Know(promoted);
        }

        return true;
    }

    private Bucket BucketOf(NodeId id)
    {
        var prefix = Own.CommonPrefix(id);
        var capacity = options.BucketSize * (prefix < FirstBuckets.Length ? FirstBuckets[prefix] : 1);
        return _buckets[prefix] ??= new Bucket(prefix, capacity, options);
    }

    // A host behind the same router is known by the router's address, too, at which it may not be reached from inside.
    private static bool IsNearer(UdpEndpoint endpoint, Contact known) => endpoint.IsLocal() && !known.Endpoint.IsLocal();

    private bool HasAddress(UdpEndpoint endpoint)
    {
        foreach (var other in _byEndpoint.Keys)
        {
            if (other.Address == endpoint.Address)
            {
                return true;
            }
        }

        return false;
    }

    private void Know(Contact contact)
    {
        _byEndpoint[contact.Endpoint] = contact;
        _byId[contact.Id] = contact;
        _complying += contact.Complies ? 1 : 0;
    }

    private void Forget(Contact contact)
    {
        _complying -= _byEndpoint.Remove(contact.Endpoint) && contact.Complies ? 1 : 0;
        _byId.Remove(contact.Id);
    }

    private void Remove(Contact contact)
    {
        BucketOf(contact.Id).Remove(contact);
        Forget(contact);
    }
}
