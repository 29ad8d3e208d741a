namespace AptP2P.Dht.Kademlia;

/// <summary>A contact that somebody announced for a key.</summary>
/// <param name="Peer">The announcer's own address, and the port it serves at.</param>
/// <param name="Expires">When it is forgotten unless announced again.</param>
/// <param name="Claim">What it says of the pieces, bencoded; empty where it says nothing.</param>
internal readonly record struct StoredContact(UdpEndpoint Peer, TimeSpan Expires, byte[] Claim);

/// <summary>Who has what, as announced to this node. Everything in it was put there by strangers, so everything is bounded.</summary>
internal sealed class ContactStore(KademliaOptions options, Random random)
{
    private readonly Dictionary<NodeId, List<StoredContact>> _keys = [];

    public int Keys => _keys.Count;

    public int Contacts { get; private set; }

    public IEnumerable<(NodeId Key, StoredContact Contact)> All
    {
        get
        {
            foreach (var (key, contacts) in _keys)
            {
                foreach (var contact in contacts)
                {
                    yield return (key, contact);
                }
            }
        }
    }

    public bool TryAdd(NodeId key, StoredContact contact, TimeSpan now)
    {
        if (!_keys.TryGetValue(key, out var contacts))
        {
            if (_keys.Count >= options.MaxKeys)
            {
                return false;
            }

            _keys.Add(key, contacts = new List<StoredContact>(1));
        }

        Drop(contacts, now);
        var same = contacts.FindIndex(other => other.Peer == contact.Peer);
        if (same >= 0)
        {
            contacts[same] = contact;
            return true;
        }

        var ofAddress = contacts.Count(other => other.Peer.Address == contact.Peer.Address);
        if (ofAddress >= options.MaxContactsPerAddress)
        {
            var oldest = contacts.FindIndex(other => other.Peer.Address == contact.Peer.Address);
            contacts[oldest] = contact;
            return true;
        }

        if (contacts.Count >= options.MaxContactsPerKey)
        {
            contacts[random.Next(contacts.Count)] = contact;
            return true;
        }

        contacts.Add(contact);
        Contacts++;
        return true;
    }

    /// <summary>The contacts of a key in one family, in random order, so that all get their share when not all fit an answer.</summary>
    public void Sample(NodeId key, bool v6, TimeSpan now, List<StoredContact> into)
    {
        into.Clear();
        if (!_keys.TryGetValue(key, out var contacts))
        {
            return;
        }

        foreach (var contact in contacts)
        {
            if (contact.Expires > now && contact.Peer.IsV6 == v6)
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

    public void Expire(TimeSpan now)
    {
        foreach (var (key, contacts) in _keys)
        {
            Drop(contacts, now);
            if (contacts.Count == 0)
            {
                _keys.Remove(key); // allowed while enumerating, as nothing is added
            }
        }
    }

    private void Drop(List<StoredContact> contacts, TimeSpan now) =>
        Contacts -= contacts.RemoveAll(contact => contact.Expires <= now);
}
