using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Lookups;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

/// <summary>A search in virtual time, and what it found when.</summary>
internal sealed class SimulatedSearch : IPeerSink
{
    private readonly SimulatedNetwork _network;
    private readonly TimeSpan _started;

    private SimulatedSearch(SimulatedNetwork network) => (_network, _started) = (network, network.Time.Elapsed);

    public List<(UdpEndpoint Peer, byte[] Claim)> Peers { get; } = [];

    public TimeSpan? First { get; private set; }

    public TimeSpan? Done { get; private set; }

    public static SimulatedSearch Start(SimulatedNetwork network, SimulatedNode node, NodeId key)
    {
        var search = new SimulatedSearch(network);
        node.Node.FindPeers(key, search);
        return search;
    }

    /// <summary>Searches and lets time pass until the end.</summary>
    public static SimulatedSearch Run(SimulatedNetwork network, SimulatedNode node, NodeId key)
    {
        var search = Start(network, node, key);
        network.RunUntil(() => search.Done is not null, TimeSpan.FromMinutes(1));
        return search;
    }

    public void Found(UdpEndpoint peer, ReadOnlySpan<byte> claim)
    {
        First ??= _network.Time.Elapsed - _started;
        Peers.Add((peer, claim.ToArray()));
    }

    public void Ended() => Done = _network.Time.Elapsed - _started;
}
