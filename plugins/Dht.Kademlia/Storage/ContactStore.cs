using System.Runtime.InteropServices;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Storage;

/// <summary>A contact that somebody announced for a key.</summary>
/// <param name="Peer">The address that announced it, with the port at which the content is served.</param>
/// <param name="Expires">When it is forgotten, unless it is announced again.</param>
/// <param name="Claim">What it says of the pieces, bencoded; may be empty.</param>
internal readonly record struct StoredContact(UdpEndpoint Peer, TimeSpan Expires, byte[] Claim);

/// <summary>Who has what, as others announced to this node. Strangers fill it, so everything in it is bounded.</summary>
internal sealed class ContactStore(KademliaOptions options, Random random)
{
    private readonly Dictionary<NodeId, List<Kept>> _keys = [];
    private readonly Holdings _holdings = new(options.MaxStoredPerAddress, options.MaxStoredPerSubnet);
    private readonly List<Kept> _sample = []; // used by one call at a time

    public int Keys => _keys.Count;

    public int Contacts => _holdings.Count;

    public IEnumerable<(NodeId Key, StoredContact Contact)> All =>
        _keys.Values.SelectMany(static contacts => contacts.Select(static kept => (kept.Key, kept.Contact)));

    public bool Knows(NodeId key) => _keys.ContainsKey(key);

    /// <returns>Whether it is kept: not if its announcer has reached a quota.</returns>
    public bool TryAdd(NodeId key, StoredContact contact, TimeSpan now)
    {
        var displaced = default(Kept);
        if (_keys.TryGetValue(key, out var contacts))
        {
            Drop(contacts, now);
            if (Find(contacts, contact.Peer) is { } same)
            {
                same.Contact = contact;
                Holdings.Renew(same);
                return true;
            }

            displaced = FindDisplaced(contacts, contact.Peer);
        }

        if ((displaced is null || displaced.Holder != _holdings.FindHost(contact.Peer)) && !_holdings.HasRoomFor(contact.Peer))
        {
            RemoveIfEmpty(key);
            return false;
        }

        if (displaced is not null)
        {
            Remove(displaced);
        }

        while (Contacts >= options.MaxContacts || (Keys >= options.MaxKeys && !Knows(key)))
        {
            Remove((Kept)_holdings.First());
        }

        var added = new Kept(key, contact);
        ref var all = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, key, out _);
        all ??= new List<Kept>(1);
        all.Add(added);
        _holdings.Add(added, contact.Peer);
        return true;
    }

    /// <summary>
    /// The contacts of a key that a requester can use: those of its family, and local ones only for a local requester. They come in random
    /// order, so that each has its chance if not all fit into an answer; but one of each site comes before the second of any.
    /// </summary>
    public void Sample(NodeId key, UdpEndpoint requester, TimeSpan now, List<StoredContact> into)
    {
        into.Clear();
        if (!_keys.TryGetValue(key, out var contacts))
        {
            return;
        }

        _sample.Clear();
        foreach (var kept in contacts)
        {
            if (kept.Contact.Expires > now && kept.Contact.Peer.IsV6 == requester.IsV6 && kept.Contact.Peer.MayBeTold(requester))
            {
                kept.Holder!.Site!.Tally = 0;
                _sample.Add(kept);
            }
        }

        var sample = CollectionsMarshal.AsSpan(_sample);
        random.Shuffle(sample);
        var firsts = 0;
        for (var i = 0; i < sample.Length; i++)
        {
            if (sample[i].Holder!.Site!.Tally++ == 0)
            {
                (sample[firsts], sample[i]) = (sample[i], sample[firsts]);
                firsts++;
            }
        }

        foreach (var kept in sample)
        {
            into.Add(kept.Contact);
        }
    }

    public void Expire(TimeSpan now)
    {
        foreach (var (key, contacts) in _keys)
        {
            Drop(contacts, now);
            RemoveIfEmpty(key); // allowed while enumerating, as nothing is added
        }
    }

    private static Kept? Find(List<Kept> contacts, UdpEndpoint peer)
    {
        foreach (var kept in contacts)
        {
            if (kept.Contact.Peer == peer)
            {
                return kept;
            }
        }

        return null;
    }

    /// <summary>
    /// Which contact of a key has to make way for a new one, if any: one of the same host or site if that has reached its limit; else, if
    /// the key has, one of the site that has the most.
    /// </summary>
    private Kept? FindDisplaced(List<Kept> contacts, UdpEndpoint peer)
    {
        var (host, site) = (_holdings.FindHost(peer), _holdings.FindSite(peer));
        Kept? ofHost = null, ofSite = null;
        int hosts = 0, sites = 0;
        foreach (var kept in contacts)
        {
            if (kept.Holder == host)
            {
                hosts++;
                ofHost = Older(ofHost, kept);
            }

            if (kept.Holder!.Site == site)
            {
                sites++;
                ofSite = Older(ofSite, kept);
            }
        }

        return hosts >= options.MaxContactsPerAddress ? ofHost
            : sites >= options.MaxContactsPerSubnet ? ofSite
            : contacts.Count >= options.MaxContactsPerKey ? OneOfTheLargestSite(contacts)
            : null;
    }

    private Kept OneOfTheLargestSite(List<Kept> contacts)
    {
        contacts.ForEach(static kept => kept.Holder!.Site!.Tally = 0);
        var most = 0;
        foreach (var kept in contacts)
        {
            most = Math.Max(most, ++kept.Holder!.Site!.Tally);
        }

        // If all sites have equally few, a flood displaces a random contact, and an honest one comes back when it is announced again.
        var start = random.Next(contacts.Count);
        while (contacts[start].Holder!.Site!.Tally < most)
        {
            start = (start + 1) % contacts.Count;
        }

        return contacts[start];
    }

    private static Kept Older(Kept? one, Kept other) => one is null || other.Contact.Expires < one.Contact.Expires ? other : one;

    private void Remove(Kept kept)
    {
        _holdings.Remove(kept);
        var contacts = _keys[kept.Key];
        contacts.Remove(kept);
        RemoveIfEmpty(kept.Key);
    }

    private void RemoveIfEmpty(NodeId key)
    {
        if (_keys.TryGetValue(key, out var contacts) && contacts.Count == 0)
        {
            _keys.Remove(key);
        }
    }

    private void Drop(List<Kept> contacts, TimeSpan now)
    {
        for (var i = contacts.Count - 1; i >= 0; i--)
        {
            if (contacts[i].Contact.Expires <= now)
            {
                _holdings.Remove(contacts[i]);
                contacts[i] = contacts[^1];
                contacts.RemoveAt(contacts.Count - 1);
            }
        }
    }

    private sealed class Kept(NodeId key, StoredContact contact) : Holding
    {
        public NodeId Key { get; } = key;

        public StoredContact Contact { get; set; } = contact;
    }
}
