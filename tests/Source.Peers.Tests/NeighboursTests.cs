using System.Net;
using AptP2P.Source.Peers.Fetching;
using AptP2P.Source.Peers.Messages;
using AptP2P.Source.Peers.Reputation;
using AptP2P.Testing;
using AptP2P.Testing.Http;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Source.Peers.Tests;

/// <summary>Who is near is asked before any look-up.</summary>
public sealed class NeighboursTests
{
    private static readonly byte[] Bytes = TestContent.Bytes(1_200_000);

    [Fact]
    public async Task Open_ANeighbourHasIt_IsFoundWithoutALookup()
    {
        await using var giver = await PeerNode.StartAsync("127.22.5.1");
        await using var taker = await PeerNode.StartAsync("127.22.5.2");
        var content = await giver.ShareAsync(Bytes);
        await taker.Neighbours.AppearAsync(giver.EndPoint);

        var channel = Assert.Single(await taker.OpenAsync(content));
        Assert.Empty(await taker.OpenAsync(content with { Hash = ContentHash.Of("missing"u8) }));

        Assert.Equal(giver.EndPoint.ToString(), channel.Name);
        var sink = new InMemorySink();
        Assert.Equal(ChannelResult.Complete, await channel.ReadAsync(new ByteRange(0, Bytes.Length), sink, PeerNode.Cancellation));
        Assert.Equal(Bytes, sink.Bytes);
        Assert.Empty(taker.Get<PeerReputation>().Good);
    }

    /// <summary>So that the connection stands when the first file is wanted.</summary>
    [Fact]
    public async Task Appear_ANewNeighbour_IsGreetedOnceAndKeptThoughItDoesNotListenYet()
    {
        await using var server = FaultyServer.Start("127.22.5.20", Bytes);
        await using var taker = await PeerNode.StartAsync("127.22.5.21");
        var absent = IPEndPoint.Parse("127.22.5.22:9977");
        await taker.Neighbours.AppearAsync(absent);
        await taker.Neighbours.AppearAsync(server.EndPoint);
        await taker.Neighbours.AppearAsync(server.EndPoint);
        await server.ArrivedAsync(PeerNode.Cancellation);

        Assert.Equal(HaveMessage.Path, Assert.Single(server.Requests).Target);
        Assert.Contains(absent, taker.Get<NearPeers>().All);
    }

    [Fact]
    public async Task Open_KnownAlone_NeighboursAreAsked()
    {
        await using var giver = await PeerNode.StartAsync("127.22.5.3");
        await using var taker = await PeerNode.StartAsync("127.22.5.4");
        var content = await giver.ShareAsync(Bytes);
        await taker.Neighbours.AppearAsync(giver.EndPoint);

        Assert.Single(await taker.OpenAsync(content, SearchEffort.Known));
    }

    [Fact]
    public async Task Open_ANeighbourIsFoundByALookupToo_OneChannel()
    {
        var network = new InMemoryPeerNetwork();
        await using var giver = await PeerNode.StartAsync("127.22.5.5", network);
        await using var taker = await PeerNode.StartAsync("127.22.5.6", network);
        var content = await giver.ShareAsync(Bytes);
        await taker.Neighbours.AppearAsync(giver.EndPoint);

        Assert.Single(await taker.OpenAsync(content));
    }

    [Fact]
    public async Task Open_ANeighbourIsGone_IsAskedOnceAndForgotten()
    {
        await using var taker = await PeerNode.StartAsync("127.22.5.7");
        await taker.Neighbours.AppearAsync(IPEndPoint.Parse("127.22.5.8:9977")); // where nobody is

        Assert.Empty(await taker.OpenAsync(new Content(ContentHash.Of(Bytes), Bytes.Length, [])));

        Assert.False(taker.Get<NearPeers>().Contains(IPEndPoint.Parse("127.22.5.8:9977")));
    }

    [Fact]
    public async Task Appear_OutsideOfTheNetworksOrAtAnImpossibleAddress_IsNoNeighbour()
    {
        await using var taker = await PeerNode.StartAsync(
            "127.22.5.9", set: options => options.ExceptNetworks = [IPNetwork.Parse("127.99.0.0/16")]);
        foreach (var address in new[] { "127.99.0.1:9977", "127.22.5.9:9977", "127.22.5.10:80", "224.0.0.1:9977" })
        {
            await taker.Neighbours.AppearAsync(IPEndPoint.Parse(address));
        }

        await taker.Neighbours.AppearAsync(IPEndPoint.Parse("127.22.5.10:9978"));

        Assert.Equal([IPEndPoint.Parse("127.22.5.10:9978")], taker.Get<NearPeers>().All);
    }

    [Fact]
    public async Task NetworkChanges_APeerWasAbsent_IsTriedAgain()
    {
        await using var taker = await PeerNode.StartAsync("127.22.5.11");
        var reputation = taker.Get<PeerReputation>();
        var gone = IPEndPoint.Parse("127.22.5.12:9977");
        reputation.WasAbsent(gone);
        Assert.False(reputation.IsWelcome(gone));

        await taker.Machine.Waits.WaitAsync(PeerNode.Cancellation);
        taker.Machine.Change("10.0.0.7");
        await taker.Machine.Waits.WaitAsync(PeerNode.Cancellation);

        Assert.True(reputation.IsWelcome(gone));
    }

    [Fact]
    public async Task Read_ItselfUnderAnAddressThatItDoesNotKnow_IsRefusedAndNotTriedAgain()
    {
        await using var node = await PeerNode.StartAsync("127.22.5.13");
        await using var other = await PeerNode.StartAsync("127.22.5.14");
        var content = await node.ShareAsync(Bytes);
        var (range, sink) = (new ByteRange(0, 10), new InMemorySink());

        var own = await node.Get<PeerClient>().ReadAsync(
            node.EndPoint, content, new HeldPieces(content.Length), range, sink, PeerNode.Cancellation);
        var others = await other.Get<PeerClient>().ReadAsync(
            node.EndPoint, content, new HeldPieces(content.Length), range, sink, PeerNode.Cancellation);
        var (field, isAbsent) = await node.Get<PeerClient>().HaveAsync(node.EndPoint, [content.Hash], PeerNode.Cancellation);

        Assert.Equal(ChannelOutcome.Refused, own.Outcome); // as by one that is absent
        Assert.Equal(ChannelResult.Complete, others);
        Assert.Equal((null, true), (field, isAbsent));
    }

    [Fact]
    public void Mark_Any_OnlyItsOwnerKnowsItAndNoTwoAreTheSame()
    {
        var (one, other) = (new OwnMark(), new OwnMark());
        var marks = Enumerable.Range(0, 100).Select(_ => one.Next()).ToHashSet();

        Assert.Equal(100, marks.Count);
        Assert.All(marks, mark => Assert.Equal((true, false), (one.IsOwn(mark), other.IsOwn(mark))));
        Assert.All((string[])["", "x", new('0', 48), new('\u00e9', 48), new('a', 10_000), marks.First()[1..]], mark =>
            Assert.False(one.IsOwn(mark)));
    }
}
