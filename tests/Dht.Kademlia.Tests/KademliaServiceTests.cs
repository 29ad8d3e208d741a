using System.Net;
using System.Runtime.CompilerServices;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.State;
using AptP2P.Dht.Kademlia.Tests.Simulation;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests;

public sealed class KademliaServiceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Find_TwoDaemons_EachFindsWhatTheOtherAnnounced()
    {
        using var folder = new TemporaryFolder();
        await using var a = await Daemon.StartAsync("127.40.1.1", folder);
        await using var b = await Daemon.StartAsync("127.40.1.2", folder, bootstrap: "127.40.1.1");
        var (ofA, ofB) = (SimulatedNetworks.Content(1), SimulatedNetworks.Content(2));

        await a.Store.AnnounceAsync(ofA, Cancellation);
        await b.Store.AnnounceAsync(ofB, Cancellation);

        Assert.Equal(a.EndPoint, Assert.Single(await b.FindAsync(ofA.Hash, Cancellation)).EndPoint);
        Assert.Equal(b.EndPoint, Assert.Single(await a.FindAsync(ofB.Hash, Cancellation)).EndPoint);
    }

    [Fact]
    public async Task Find_PiecesAnnounced_ClaimTravelsAlong()
    {
        using var folder = new TemporaryFolder();
        await using var a = await Daemon.StartAsync("127.40.2.1", folder);
        await using var b = await Daemon.StartAsync("127.40.2.2", folder, bootstrap: "127.40.2.1");
        var content = SimulatedNetworks.Content(1, pieces: 3);

        await b.Store.AnnounceAsync(content, Cancellation);

        var claim = Assert.Single(await a.FindAsync(content.Hash, Cancellation)).Pieces;
        Assert.Equal((content.Length, content.Pieces!.Digest), (claim?.Length, claim?.Digest));
        Assert.Equal(content.Pieces.Pieces, claim?.List?.Pieces);
    }

    [Fact]
    public async Task Dispose_Twice_IsHarmless()
    {
        using var folder = new TemporaryFolder();
        await using var daemon = await Daemon.StartAsync("127.40.30.1", folder);

        await daemon.Service.StopAsync(Cancellation);
        await daemon.Service.DisposeAsync();
        await daemon.Service.DisposeAsync();

        Assert.Null(daemon.Service.Node);
    }

    [Fact]
    public async Task Start_AfterRestart_AnnouncesAgainUnderTheSameId()
    {
        using var folder = new TemporaryFolder();
        await using var a = await Daemon.StartAsync("127.40.3.1", folder);
        var content = SimulatedNetworks.Content(1);
        NodeId? id;
        await using (var b = await Daemon.StartAsync("127.40.3.2", folder, bootstrap: "127.40.3.1"))
        {
            await b.Store.AnnounceAsync(content, Cancellation);
            id = b.Service.Node?.Families.V4?.Id;
        }

        await using var again = await Daemon.StartAsync("127.40.3.2", folder);
        Assert.Equal(id, again.Service.Node?.Families.V4?.Id);
        Assert.Equal(again.EndPoint, Assert.Single(await a.FindAsync(content.Hash, Cancellation)).EndPoint);
        Assert.Equal(1, again.Service.Node?.Counts.Announced);
    }

    [Fact]
    public async Task Start_DamagedState_SetsItAsideAndBeginsAnew()
    {
        using var folder = new TemporaryFolder();
        var state = Path.Combine(folder.Make("127.40.4.1-9977"), "node.state");
        await File.WriteAllTextAsync(state, "not a state", Cancellation);

        await using var daemon = await Daemon.StartAsync("127.40.4.1", folder);

        Assert.NotNull(daemon.Service.Node);
        Assert.Equal("not a state", await File.ReadAllTextAsync(state + ".damaged", Cancellation));
    }

    [Fact]
    public async Task Start_AbsurdStateWithARightChecksum_SetsItAsideAndBeginsAnew()
    {
        using var folder = new TemporaryFolder();
        var state = Path.Combine(folder.Make("127.40.4.2-9977"), "node.state");
        await new StateFile(state).WriteAsync("d5:itemslli9223372036854775807e3:oddeee"u8.ToArray(), Cancellation);

        await using var daemon = await Daemon.StartAsync("127.40.4.2", folder);

        Assert.NotNull(daemon.Service.Node);
        Assert.True(File.Exists(state + ".damaged"));
        Assert.False(File.Exists(state));
    }

    [Fact]
    public async Task Start_ReachOff_BindsNothing()
    {
        using var folder = new TemporaryFolder();
        await using var silent = await Daemon.StartAsync("127.40.31.1", folder, reach: PeerReach.Off);
        await using var other = await Daemon.StartAsync("127.40.31.1", folder); // the port is free

        Assert.Null(silent.Service.Node);
        Assert.NotNull(other.Service.Node);
        Assert.Equal("off", await silent.NetworkAsync("verdict"));
    }

    [Fact]
    public async Task Start_ReachLan_NobodyElsewhereIsDealtWith()
    {
        using var folder = new TemporaryFolder();
        await using var a = await Daemon.StartAsync("127.40.32.1", folder, reach: PeerReach.Lan);
        await using var b = await Daemon.StartAsync("127.40.32.2", folder, "127.40.32.1", reach: PeerReach.Lan);
        await b.FindAsync(SimulatedNetworks.Content(1).Hash, Cancellation);

        Assert.Null(a.Service.Entry?.Meeting);
        Assert.Empty(a.Service.Entry!.Watches);
        Assert.Equal(("lan", "Bootstrap"), (await b.NetworkAsync("verdict"), await b.NetworkAsync("foundBy")));
    }

    [Fact]
    public async Task Start_ReachWorld_TheStatusSaysWhatIsKnownOfIt()
    {
        using var folder = new TemporaryFolder();
        await using var a = await Daemon.StartAsync("127.40.33.1", folder);

        Assert.Equal(("alone", "unknown"), (await a.NetworkAsync("verdict"), await a.NetworkAsync("ipv4Reachable")));
        Assert.Null(a.Service.Entry?.Meeting); // no routers
    }

    [Fact]
    public async Task Start_PortTaken_GoesOnFindingNobody()
    {
        using var folder = new TemporaryFolder();
        await using var first = await Daemon.StartAsync("127.40.5.1", folder);
        await using var second = await Daemon.StartAsync("127.40.5.1", folder);

        Assert.Null(second.Service.Node);
        Assert.Empty(await second.FindAsync(SimulatedNetworks.Content(1).Hash, Cancellation));
        await second.Store.AnnounceAsync(SimulatedNetworks.Content(1), Cancellation);
    }

    [Fact]
    public async Task Watch_NeighbourAppears_IsJoined()
    {
        using var folder = new TemporaryFolder();
        await using var a = await Daemon.StartAsync("127.40.6.1", folder);
        var content = SimulatedNetworks.Content(1);
        await a.Store.AnnounceAsync(content, Cancellation);

        await using var b = await Daemon.StartAsync("127.40.6.2", folder, null, new OneNeighbour(a.EndPoint));

        Assert.Equal(a.EndPoint, Assert.Single(await b.FindAsync(content.Hash, Cancellation)).EndPoint);
    }

    [Fact]
    public async Task GetPieceList_StoredAsAnItem_IsGotFromTheDht()
    {
        using var folder = new TemporaryFolder();
        await using var a = await Daemon.StartAsync("127.40.9.1", folder);
        await using var b = await Daemon.StartAsync("127.40.9.2", folder, bootstrap: "127.40.9.1");
        var content = SimulatedNetworks.Content(1, pieces: 9);
        await b.Store.AnnounceAsync(content, Cancellation);

        var claim = Assert.Single(await a.FindAsync(content.Hash, Cancellation)).Pieces;
        var list = await a.Lookup.GetPieceListAsync(claim!, Cancellation);

        Assert.Null(claim!.List);
        Assert.Equal(content.Pieces!.Pieces, list?.Pieces);
        Assert.Null(await a.Lookup.GetPieceListAsync(claim with { Digest = content.Hash }, Cancellation));
    }

    [Fact]
    public async Task Find_BothFamilies_FindOverIPv6()
    {
        Assert.SkipUnless(System.Net.Sockets.Socket.OSSupportsIPv6, "this machine has no IPv6");
        using var folder = new TemporaryFolder();
        await using var a = await Daemon.StartAsync("::", folder, port: 40977);
        await using var b = await Daemon.StartAsync("::1", folder, bootstrap: "[::1]:40977", port: 40978);
        var content = SimulatedNetworks.Content(1);
        await b.Store.AnnounceAsync(content, Cancellation);

        Assert.NotNull(a.Service.Node?.Families.V4);
        Assert.Equal(b.EndPoint, Assert.Single(await a.FindAsync(content.Hash, Cancellation)).EndPoint);
    }

    [Fact]
    public async Task Withdraw_OwnContent_IsNotGivenAnyMore()
    {
        using var folder = new TemporaryFolder();
        await using var a = await Daemon.StartAsync("127.40.10.1", folder);
        var content = SimulatedNetworks.Content(1);
        await a.Store.AnnounceAsync(content, Cancellation);
        await a.Store.WithdrawAsync(content.Hash, Cancellation);

        await using var b = await Daemon.StartAsync("127.40.10.2", folder, bootstrap: "127.40.10.1");

        Assert.Empty(await b.FindAsync(content.Hash, Cancellation));
    }

    private sealed class OneNeighbour(IPEndPoint endPoint) : INeighbours
    {
        public async IAsyncEnumerable<IPEndPoint> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return endPoint;
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
    }
}
