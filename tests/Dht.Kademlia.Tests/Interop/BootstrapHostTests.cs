using AptP2P.Dht.Kademlia.Tests.Simulation;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Interop;

/// <summary>The host with only this plugin is a bootstrap node, also for others than ours.</summary>
[Collection(nameof(ForeignNetworks))]
public sealed class BootstrapHostTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Host_ThisPluginAlone_BringsNodesOfThreeKindsTogether()
    {
        using var folder = new TemporaryFolder();
        await using var host = await BootstrapHost.StartAsync("127.45.200.1", folder);
        await using var libtorrent = await ForeignNetwork.StartLibtorrentAsync("127.45", 2, host.EndPoint, first: 10);
        await using var bittorrentDht = await ForeignNetwork.StartBittorrentDhtAsync("127.45", 2, host.EndPoint, first: 20);
        await using var ours = await Daemon.StartAsync("127.45.30.1", folder, $"{host.EndPoint}", open: true);
        var (byLibtorrent, byBittorrentDht, byUs) = (
            SimulatedNetworks.Content(1), SimulatedNetworks.Content(2), SimulatedNetworks.Content(3));

        await libtorrent.AnnounceAsync(0, byLibtorrent.Key());
        await bittorrentDht.AnnounceAsync(0, byBittorrentDht.Key());
        await ours.Store.AnnounceAsync(byUs, Cancellation);

        foreach (var network in new[] { libtorrent, bittorrentDht })
        {
            Assert.Contains(libtorrent.Nodes[0], await network.FindAsync(1, byLibtorrent.Key()));
            Assert.Contains(bittorrentDht.Nodes[0], await network.FindAsync(1, byBittorrentDht.Key()));
            Assert.Contains(ours.EndPoint, await network.FindAsync(1, byUs.Key()));
        }

        Assert.Contains(await ours.FindAsync(byLibtorrent.Hash, Cancellation), peer => peer.EndPoint.Equals(libtorrent.Nodes[0]));
        Assert.Contains(await ours.FindAsync(byBittorrentDht.Hash, Cancellation), peer => peer.EndPoint.Equals(bittorrentDht.Nodes[0]));
    }
}
