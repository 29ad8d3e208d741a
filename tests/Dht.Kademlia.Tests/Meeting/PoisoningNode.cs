using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Tests.Simulation;
using AptP2P.Testing;

namespace AptP2P.Dht.Kademlia.Tests.Meeting;

/// <summary>A node of Mainline near our key that names hundreds of victims to whoever asks for it.</summary>
internal sealed class PoisoningNode : SimulatedHost
{
    private const int NamedAtOnce = 400; // more than that is no message to us

    private readonly NodeId _id;
    private uint _victim = 0x5000_0001;

    private PoisoningNode(SimulatedNetwork network, UdpEndpoint endpoint, NodeId id)
        : base(network, endpoint)
    {
        _id = id;
        network.Add(this);
    }

    /// <summary>How many it has named.</summary>
    public int Named { get; private set; }

    /// <summary>Those of a thousand addresses whose ids come nearest to a key.</summary>
    public static List<PoisoningNode> Around(SimulatedNetwork network, NodeId key, int count) =>
    [
        .. Enumerable.Range(10_000, 1000)
            .Select(SimulatedNetworks.Address)
            .Select(at => (At: at, Id: HostileNode.NearestId(at, key, network.Random)))
            .OrderBy(node => node.Id ^ key)
            .Take(count)
            .Select(node => new PoisoningNode(network, node.At, node.Id)),
    ];

    public override void Receive(ReadOnlySpan<byte> datagram, UdpEndpoint from)
    {
        if (!KrpcMessage.TryParse(datagram, out var query) || query.Kind != KrpcKind.Query)
        {
            return;
        }

        var values = new List<object>();
        for (var i = 0; i < (query.Method == KrpcMethod.GetPeers ? NamedAtOnce : 0); i++)
        {
            var victim = new byte[UdpEndpoint.CompactSize];
            UdpEndpoint.FromV4(_victim += 0x0001_0101, 53_000).WriteCompact(victim);
            values.Add(victim);
        }

        Named += values.Count;
        Network.Send(Endpoint, from, Subject.Answer(PlainBencode.Text(query.Transaction), _id, ("token", "t"), ("values", values)));
    }

    public override void Dispose()
    {
    }
}
