using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Node;

namespace AptP2P.Dht.Kademlia.Meeting;

/// <summary>What the ways into the network need to know of the node that is to enter it.</summary>
/// <param name="node">The node.</param>
/// <param name="addresses">Which addresses are this machine's own network.</param>
/// <param name="time">The clock.</param>
internal sealed class OwnNetwork(KademliaNode node, IMachineAddresses addresses, TimeProvider time)
{
    private long _changed = time.GetTimestamp();

    /// <summary>Who named whom.</summary>
    public Ways Ways { get; } = new();

    /// <summary>Estimated nodes of the network.</summary>
    public double Size => node.Counts.NetworkSize;

    /// <summary>Nodes that have answered in the network where the machine is now.</summary>
    public int Count() => Heard().Count();

    /// <summary>Those of them that are not near: a LAN of a hundred machines has not found the world yet.</summary>
    public int CountWorld() => Heard().Count(known => !addresses.IsNear(known.Endpoint.ToIPEndPoint().Address));

    /// <summary>How long the machine has been in the network where it is now, as far as the daemon has run.</summary>
    public TimeSpan Age => time.GetElapsedTime(Interlocked.Read(ref _changed));

    /// <summary>Whether the machine is on a network at all, from which the world may be reached.</summary>
    public bool IsConnected => addresses.Current.Any(
        static address => address.Scope() is not (AddressScope.Nobody or AddressScope.Loopback or AddressScope.LinkLocal));

    /// <summary>The machine is in another network: who answered before has to answer again.</summary>
    public void NetworkChanged() => Interlocked.Exchange(ref _changed, time.GetTimestamp());

    /// <summary>Nodes that somebody names; they are asked at once, and again while few are known.</summary>
    public void Enter(Way way, IReadOnlyList<UdpEndpoint> endpoints)
    {
        Ways.Named(way, endpoints);
        node.Enter(endpoints);
    }

    /// <summary>A node that strangers name; it is asked once.</summary>
    public void Greet(Way way, UdpEndpoint endpoint)
    {
        Ways.Named(way, [endpoint]);
        node.Greet([endpoint]);
    }

    /// <summary>
    /// By which ways the nodes of the table were found, in words. Where this node's own ways name none of them, they have come by
    /// themselves, or others have named them that are gone.
    /// </summary>
    public string FoundBy() => string.Join(", ", Ways.LedTo(node.Known()).Select(Ways.Name)) is { Length: > 0 } ways ? ways : "others";

    private IEnumerable<KnownNode> Heard()
    {
        var age = Age;
        return node.Known().Where(known => known.Silence <= age);
    }
}
