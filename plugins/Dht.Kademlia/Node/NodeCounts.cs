using AptP2P.Dht.Kademlia.Announcing;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Storage;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>What a node can count at this moment, for metrics and the status page. Read without the node's lock.</summary>
internal sealed class NodeCounts(NodeParts parts, Stores stores, OwnAnnouncements own)
{
    public int StoredKeys => stores.Contacts.Keys;

    public int StoredContacts => stores.Contacts.Contacts;

    public int StoredItems => stores.Items.Count;

    /// <summary>Contents that this node announces.</summary>
    public int Announced => own.Count;

    /// <summary>Estimated nodes in the network, in the larger of the families.</summary>
    public double NetworkSize => parts.Families.All.Max(static family => family.Size.Estimate);

    /// <summary>Queries that wait for an answer.</summary>
    public int PendingQueries => parts.Queries.Count;

    /// <summary>Things that are to happen later.</summary>
    public int Deadlines => parts.Deadlines.Count;
}
