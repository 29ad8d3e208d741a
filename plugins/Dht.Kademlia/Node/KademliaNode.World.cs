using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Announcing;
using AptP2P.Dht.Kademlia.Lookups;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>What the ways into the network need of a node.</summary>
internal sealed partial class KademliaNode
{
    /// <summary>Pings endpoints where others say that nodes are; those that answer become entrances.</summary>
    public void Greet(IEnumerable<UdpEndpoint> endpoints)
    {
        lock (_gate)
        {
            _greetings.Greet(endpoints);
        }
    }

    /// <summary>
    /// Looks a key up, by these endpoints too, and announces ports for it in the same go. The sink is called under the node's lock.
    /// </summary>
    public void Meet(NodeId key, RendezvousPorts ports, IReadOnlyList<UdpEndpoint> entrances, IPeerSink sink)
    {
        lock (_gate)
        {
            new Rendezvous(key, _parts, ports, sink).Start(entrances);
        }
    }

    /// <summary>The nodes of the table that answer; one query without an answer may be a lost packet.</summary>
    public IReadOnlyList<KnownNode> Known()
    {
        lock (_gate)
        {
            var now = _deadlines.Now;
            return
            [
                .. from family in Families.All
                from contact in family.Table.Contacts
                where contact.Failures < 2
                select new KnownNode(contact.Endpoint, now - contact.LastHeard),
            ];
        }
    }

    /// <summary>
    /// The machine has come to another network: what was learned of the node's own address, and of who is silent, no longer holds, and it
    /// joins anew at once.
    /// </summary>
    public void NetworkChanged()
    {
        lock (_gate)
        {
            foreach (var family in Families.All)
            {
                family.NetworkChanged();
            }

            _knocks.Forget();
            _losses.Forget();
            _parts.Queries.Suspects.Forget();
            _joining.NetworkChanged();
        }
    }
}
