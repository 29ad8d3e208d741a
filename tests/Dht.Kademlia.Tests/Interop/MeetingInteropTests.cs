using System.Net;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Announcing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Meeting;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Interop;

/// <summary>The meeting point in a Mainline of libtorrent's nodes: what one announces there, the other finds.</summary>
[Collection(nameof(ForeignNetworks))]
public sealed class MeetingInteropTests
{
    private const int Nodes = 20;

    private static readonly NodeId Key = MeetingKey.Of(NetworkSecret.None);

    [Fact]
    public async Task Meet_InLibtorrentsNetwork_TheyFindUsAndWeFindThemAlsoAfterARestart()
    {
        await using var network = await ForeignNetwork.StartLibtorrentAsync("127.46", Nodes);
        using var folder = new TemporaryFolder();
        await network.AnnounceAsync(3, Key);
        var routers = network.Nodes.Take(2).Select(static node => node.ToString()).ToArray();

        var first = await MeetAsync(folder, "127.46.200.1", routers, port: 9977);
        var byThem = await network.FindAsync(11, Key);
        var second = await MeetAsync(folder, "127.46.200.1", [], port: 0); // it knows enough from before

        Assert.Contains(UdpEndpoint.From(network.Nodes[3]), first);
        Assert.Contains(IPEndPoint.Parse("127.46.200.1:9977"), byThem);
        Assert.Contains(UdpEndpoint.From(network.Nodes[3]), second);
    }

    private static async Task<IReadOnlyList<UdpEndpoint>> MeetAsync(TemporaryFolder folder, string address, string[] routers, ushort port)
    {
        var options = new KademliaOptions { Routers = routers };
        var environment = new KademliaEnvironment(folder.Path, IPEndPoint.Parse($"{address}:9977"), []);
        await using var socket = new MainlineSocket(
            options, environment, TimeProvider.System, new UnguessableRandom(), NullLogger.Instance);
        await socket.ReadAsync(TestContext.Current.CancellationToken);
        using var mainline = new Mainline(
            options, socket.Saved, socket.Open, NodeNames.OfSystem(options, "Routers", NullLogger.Instance));
        var found = new Found();
        mainline.Begin(Key, new RendezvousPorts(port, 0), found);
        await found.All.Task.WaitAsync(TestContext.Current.CancellationToken);
        return found.Peers;
    }

    private sealed class Found : IPeerSink
    {
        public List<UdpEndpoint> Peers { get; } = [];

        public TaskCompletionSource All { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        void IPeerSink.Found(UdpEndpoint peer, ReadOnlySpan<byte> claim) => Peers.Add(peer);

        void IPeerSink.Ended() => All.SetResult();
    }
}
