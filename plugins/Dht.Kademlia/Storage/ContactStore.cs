namespace AptP2P.Dht.Kademlia;

/// <summary>A contact that somebody announced for a key.</summary>
/// <param name="Peer">The announcer's own address, and the port it serves at.</param>
/// <param name="Expires">When it is forgotten unless announced again.</param>
/// <param name="Claim">What it says of the pieces, bencoded; empty where it says nothing.</param>
internal readonly record struct StoredContact(UdpEndpoint Peer, TimeSpan Expires, byte[] Claim);

/// <summary>Who has what, as announced to this node. Everything in it was put there by strangers, so everything is bounded.</summary>
internal sealed class ContactStore(NodeId own, KademliaOptions options, Random random)
{
    private readonly NearestKeys<List<StoredContact>> _keys = new(own, options.MaxKeys);

    public int Keys => _keys.Count;

    public int Contacts { get; private set; }

    public IEnumerable<(NodeId Key, StoredContact Contact)> All =>
        _keys.All.SelectMany(static entry => entry.Value.Select(contact => (entry.Key, contact)));

    public bool Knows(NodeId key) => _keys.TryGet(key, out _);

    /// <returns>Whether it is kept.</returns>
    public bool TryAdd(NodeId key, StoredContact contact, TimeSpan now)
    {
        if (_keys.TryGet(key, out var contacts))
        {
            Drop(contacts, now);
            return TryAdd(contacts, contact);
        }

        if (Contacts >= options.MaxContacts || !_keys.TryAdd(key, new List<StoredContact>(1) { contact }, out var evicted))
        {
            return false;
        }

        Contacts += 1 - (evicted?.Count ?? 0);
        return true;
    }

    /// <summary>
    /// The contacts of a key that a requester can use: of its family, and local ones only for local requesters. In random order, so that all
    /// get their share when not all fit an answer.
    /// </summary>
    public void Sample(NodeId key, UdpEndpoint requester, TimeSpan now, List<StoredContact> into)
    {
        into.Clear();
        if (!_keys.TryGet(key, out var contacts))
        {
            return;
        }

        var isLocal = requester.IsLocal();
        foreach (var contact in contacts)
        {
            if (contact.Expires > now && contact.Peer.IsV6 == requester.IsV6 && (isLocal || !contact.Peer.IsLocal()))
            {
                into.Add(contact);
            }
        }

        for (var i = into.Count - 1; i > 0; i--)
        {
            var j = random.Next(i + 1);
            (into[i], into[j]) = (into[j], into[i]);
        }
    }

    public void Expire(TimeSpan now) => _keys.RemoveWhere(contacts =>
    {
        Drop(contacts, now);
        return contacts.Count == 0;
    });

    private bool TryAdd(List<StoredContact> contacts, StoredContact contact)
    {
        int same = -1, oldestOfAddress = -1, ofAddress = 0;
        for (var i = 0; i < contacts.Count; i++)
        {
            same = contacts[i].Peer == contact.Peer ? i : same;
            if (contacts[i].Peer.Address == contact.Peer.Address)
            {
                ofAddress++;
                oldestOfAddress = oldestOfAddress < 0 || contacts[i].Expires < contacts[oldestOfAddress].Expires ? i : oldestOfAddress;
            }
        }

        if (same >= 0)
        {
            contacts[same] = contact;
        }
        else if (ofAddress >= options.MaxContactsPerAddress)
        {
            contacts[oldestOfAddress] = contact;
        }
        else if (contacts.Count >= options.MaxContactsPerKey || Contacts >= options.MaxContacts)
        {
            contacts[random.Next(contacts.Count)] = contact; // a flood replaces a random one, a repeated honest one comes back
        }
        else
        {
            contacts.Add(contact);
            Contacts++;
        }

        return true;
    }

    private void Drop(List<StoredContact> contacts, TimeSpan now)
    {
        for (var i = contacts.Count - 1; i >= 0; i--)
        {
            if (contacts[i].Expires <= now)
            {
                contacts[i] = contacts[^1];
                contacts.RemoveAt(contacts.Count - 1);
                Contacts--;
            }
        }
    }
}
