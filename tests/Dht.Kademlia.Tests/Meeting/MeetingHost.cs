using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Meeting;
using AptP2P.Dht.Kademlia.Tests.Simulation;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.Logging.Abstractions;

namespace AptP2P.Dht.Kademlia.Tests.Meeting;

/// <summary>A machine with a node of ours and one in Mainline, in a simulated network.</summary>
internal sealed class MeetingHost : IDisposable
{
    private const ushort MainlinePort = 40_000;

    private readonly Mainline _mainline;

    private MeetingHost(SimulatedNetwork network, UdpEndpoint at, KademliaOptions options, bool nat, IReadOnlyList<UdpEndpoint> saved)
    {
        Own = new SimulatedNode(network, at, options) { Delay = SimulatedNetworks.RandomDelay(network.Random), IsBehindNat = nat };
        Network = new OwnNetwork(Own.Node, Addresses, network.Time);
        var names = new NodeNames(options, static (_, _) => throw new InvalidOperationException("no name"), "Routers", NullLogger.Instance);
        _mainline = new Mainline(
            options, saved,
            () => (InMainline = new SimulatedNode(network, at.WithPort(MainlinePort), MainlineOptions.Of(options))
            {
                Delay = Own.Delay, IsBehindNat = nat,
            }).Node,
            names);
        Point = new MeetingPoint(
            options, MeetingKey.Of(NetworkSecret.None), Network, _mainline, network.Time, new Random(network.Random.Next()));
        Own.Node.Start([]);
    }

    public SimulatedNode Own { get; }

    public SimulatedNode? InMainline { get; private set; }

    public OwnNetwork Network { get; }

    /// <summary>The machine's own.</summary>
    public ListedAddresses Addresses { get; } = new("192.168.1.20");

    public MeetingPoint Point { get; }

    public int Known => Network.CountWorld();

    /// <summary>What Mainline had to do with it, both ways.</summary>
    public long Datagrams => InMainline is { Node.Traffic: var traffic } ? traffic.PacketsIn + traffic.PacketsOut : 0;

    public long Bytes => InMainline is { Node.Traffic: var traffic } ? traffic.BytesIn + traffic.BytesOut : 0;

    /// <param name="network">Where it is.</param>
    /// <param name="at">Its address, and our node's port.</param>
    /// <param name="options">Its options, with the routers' addresses.</param>
    /// <param name="reachable">Whether it is reached, and knows that.</param>
    /// <param name="saved">What it knows of Mainline.</param>
    public static MeetingHost Start(
        SimulatedNetwork network, UdpEndpoint at, KademliaOptions options, bool reachable = true, IReadOnlyList<UdpEndpoint>? saved = null)
    {
        var host = new MeetingHost(network, at, options, nat: !reachable, saved ?? []);
        host.Point.SetEndpoints(reachable && !at.IsV6 ? at : null, reachable && at.IsV6 ? at : null);
        return host;
    }

    public void Dispose()
    {
        Point.Dispose();
        _mainline.Dispose();
    }
}
