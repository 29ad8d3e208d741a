using System.Net;
using AptP2P.Source.Peers.Reputation;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Source.Peers.Tests;

/// <summary>Nodes that give and take, over real connections.</summary>
public sealed class TwoNodesTests
{
    private static readonly byte[] Bytes = TestContent.Bytes(1_200_000);

    [Fact]
    public async Task Open_PeerWasGood_IsAskedAboutTheNextWithoutALookup()
    {
        var network = new InMemoryPeerNetwork();
        await using var giver = await PeerNode.StartAsync("127.22.3.1", network);
        await using var taker = await PeerNode.StartAsync("127.22.3.2", network);
        await ReadAsync(Assert.Single(await taker.OpenAsync(await giver.ShareAsync(Bytes))));
        var next = TestContent.Bytes(5000, seed: 2);
        var content = new Content(giver.Shared.Share(next), next.Length, []); // not announced

        var channel = Assert.Single(await taker.OpenAsync(content, SearchEffort.Known));
        var missing = await taker.OpenAsync(content with { Hash = ContentHash.Of("missing"u8) }, SearchEffort.Known);

        Assert.Equal(giver.EndPoint.ToString(), channel.Name);
        Assert.Equal(ChannelDistance.SameHost, channel.Distance);
        Assert.Equal(next, await ReadAsync(channel, next.Length));
        Assert.Empty(missing);
        Assert.Equal(1, taker.Network!.LookupCount);
    }

    [Fact]
    public async Task Open_KnownAndFound_OneChannel()
    {
        var network = new InMemoryPeerNetwork();
        await using var giver = await PeerNode.StartAsync("127.22.3.3", network);
        await using var taker = await PeerNode.StartAsync("127.22.3.4", network);
        var content = await giver.ShareAsync(Bytes);
        await ReadAsync(Assert.Single(await taker.OpenAsync(content)));

        Assert.Single(await taker.OpenAsync(content));
    }

    [Theory]
    [InlineData("10.0.0.0/8", "192.0.2.0/24")]
    [InlineData("127.0.0.0/8", "127.0.0.1/32")]
    public async Task Read_OutsideItsNetworks_RefusedByIt(string networks, string exceptNetworks)
    {
        var network = new InMemoryPeerNetwork();
        await using var giver = await PeerNode.StartAsync("127.22.3.7", network, options =>
            (options.Networks, options.ExceptNetworks) = ([IPNetwork.Parse(networks)], [IPNetwork.Parse(exceptNetworks)]));
        await using var taker = await PeerNode.StartAsync("127.22.3.8", network);
        var channel = Assert.Single(await taker.OpenAsync(await giver.ShareAsync(Bytes)));

        Assert.Equal(
            ChannelOutcome.Refused, (await channel.ReadAsync(new ByteRange(0, 10), new InMemorySink(), PeerNode.Cancellation)).Outcome);
    }

    [Fact]
    public async Task Read_Incomplete_VerifiedPiecesAndBusyForTheOthers()
    {
        var network = new InMemoryPeerNetwork();
        await using var giver = await PeerNode.StartAsync("127.22.3.9", network);
        await using var taker = await PeerNode.StartAsync("127.22.3.10", network);
        var content = await giver.ShareAsync(Bytes, TestContent.PiecesOf(Bytes), have: piece => piece == 0);
        var channel = Assert.Single(await taker.OpenAsync(content));
        var sink = new InMemorySink();

        var there = await channel.ReadAsync(new ByteRange(0, 524_288), sink, PeerNode.Cancellation);
        var notYet = await channel.ReadAsync(new ByteRange(524_288, 1_048_576), new InMemorySink(), PeerNode.Cancellation);

        Assert.Equal(ChannelResult.Complete, there);
        Assert.Equal(Bytes[..524_288], sink.Bytes);
        Assert.Equal((ChannelOutcome.Busy, TimeSpan.FromSeconds(1)), (notYet.Outcome, notYet.RetryAfter));
    }

    [Fact]
    public async Task MayHave_Incomplete_WhatTheLastAnswerSaid()
    {
        var network = new InMemoryPeerNetwork();
        await using var giver = await PeerNode.StartAsync("127.22.3.15", network);
        await using var taker = await PeerNode.StartAsync("127.22.3.16", network);
        HashSet<int> there = [0];
        var pieces = TestContent.PiecesOf(Bytes);
        var content = await giver.ShareAsync(Bytes, pieces, there.Contains);
        var channel = Assert.Single(await taker.OpenAsync(content));
        ByteRange first = new(0, 524_288), second = new(524_288, 1_048_576), third = new(1_048_576, 1_200_000);

        Assert.True(channel.MayHave(third)); // it has said nothing yet
        await channel.ReadAsync(first, new InMemorySink(), PeerNode.Cancellation);
        Assert.Equal([true, false, false], Held(first, second, third));

        there.Add(2);
        await channel.ReadAsync(second, new InMemorySink(), PeerNode.Cancellation);
        Assert.Equal([true, false, true], Held(first, second, third));
        Assert.False(channel.MayHave(new ByteRange(524_287, 524_289)));

        giver.Shared.Share(Bytes, pieces);
        await channel.ReadAsync(third, new InMemorySink(), PeerNode.Cancellation);
        Assert.True(channel.MayHave(second));

        bool[] Held(params ByteRange[] ranges) => [.. ranges.Select(channel.MayHave)];
    }

    [Fact]
    public async Task Progress_PeerThatIsGettingItToo_WhatItLastSaid()
    {
        var network = new InMemoryPeerNetwork();
        await using var giver = await PeerNode.StartAsync("127.22.3.19", network);
        await using var taker = await PeerNode.StartAsync("127.22.3.20", network);
        var content = await giver.ShareAsync(Bytes, have: piece => piece == 1); // nobody knows the list yet
        var channel = Assert.Single(await taker.OpenAsync(content));

        Assert.Null(channel.Progress); // it has said nothing yet
        Assert.Null(await channel.GetPieceListAsync(PeerNode.Cancellation));
        Assert.Equal([false, true, false], channel.Progress!.Has);

        giver.Shared.Share(Bytes, TestContent.PiecesOf(Bytes));
        Assert.NotNull(await channel.GetPieceListAsync(PeerNode.Cancellation));
        Assert.Null(channel.Progress);
    }

    [Fact]
    public async Task Doubt_PassedOnSomethingWrong_OnlyWhatItVouchesForIsTakenAndItIsNotRefused()
    {
        var network = new InMemoryPeerNetwork();
        await using var giver = await PeerNode.StartAsync("127.22.3.21", network);
        await using var taker = await PeerNode.StartAsync("127.22.3.22", network);
        var content = await giver.ShareAsync(Bytes, have: piece => piece == 0, passes: piece => piece == 1);
        var (vouched, passed) = (new ByteRange(0, 10), new ByteRange(524_288, 524_298));
        var channel = await OpenAsync();
        Assert.Equal([true, true], [channel.MayHave(vouched), channel.MayHave(passed)]);
        Assert.Equal(ChannelResult.Complete, await channel.ReadAsync(passed, new InMemorySink(), PeerNode.Cancellation));
        Assert.Equal([true, true], [channel.MayHave(vouched), channel.MayHave(passed)]); // the answer said it again

        channel.Doubt("test");

        var next = await OpenAsync();
        Assert.Equal([true, false], [next.MayHave(vouched), next.MayHave(passed)]);
        Assert.Equal(ChannelResult.Complete, await next.ReadAsync(vouched, new InMemorySink(), PeerNode.Cancellation));
        Assert.Equal([true, false], [next.MayHave(vouched), next.MayHave(passed)]);
        Assert.Empty(taker.Get<PeerReputation>().Refused.Running);

        async Task<IChannel> OpenAsync()
        {
            var opened = Assert.Single(await taker.OpenAsync(content));
            await opened.GetPieceListAsync(PeerNode.Cancellation); // and what it has
            return opened;
        }
    }

    [Fact]
    public async Task GetPieceList_ALookupTellsAnotherThanThePeerSays_AskedAgainItIsThePeersOwn()
    {
        var network = new InMemoryPeerNetwork();
        await using var giver = await PeerNode.StartAsync("127.22.3.23", network);
        await using var taker = await PeerNode.StartAsync("127.22.3.24", network);
        var forged = TestContent.PiecesOf(TestContent.Bytes(Bytes.Length, seed: 2));
        var content = await giver.ShareAsync(Bytes, forged); // what is announced
        giver.Shared.Share(Bytes, TestContent.PiecesOf(Bytes));
        var channel = Assert.Single(await taker.OpenAsync(content));

        Assert.Equal(forged.Digest, (await channel.GetPieceListAsync(PeerNode.Cancellation))!.Digest);
        Assert.False(channel.IsPieceListItsOwn);
        Assert.Equal(TestContent.PiecesOf(Bytes).Digest, (await channel.GetPieceListAsync(PeerNode.Cancellation))!.Digest);
        Assert.True(channel.IsPieceListItsOwn);
    }

    [Fact]
    public async Task Status_Refused_NamesTheEvidence()
    {
        var network = new InMemoryPeerNetwork();
        await using var giver = await PeerNode.StartAsync("127.22.3.25", network);
        await using var taker = await PeerNode.StartAsync("127.22.3.26", network);

        Assert.Single(await taker.OpenAsync(await giver.ShareAsync(Bytes))).Blame("sent piece 3 of it");

        var refusals = (await taker.Status.ReadAsync(PeerNode.Cancellation)).OfType<StatusTable>().Single(table => table.Key == "refusals");
        Assert.Equal(["127.22.3.25", "sent piece 3 of it", 1], Assert.Single(refusals.Rows).Take(3));
    }

    [Fact]
    public async Task MayHave_ListFromAPeerThatIsNotComplete_WhatItSaid()
    {
        var network = new InMemoryPeerNetwork();
        await using var giver = await PeerNode.StartAsync("127.22.3.17", network);
        await using var taker = await PeerNode.StartAsync("127.22.3.18", network);
        var content = await giver.ShareAsync(Bytes);
        giver.Shared.Share(Bytes, TestContent.PiecesOf(Bytes), piece => piece == 1);
        var channel = Assert.Single(await taker.OpenAsync(content));

        Assert.NotNull(await channel.GetPieceListAsync(PeerNode.Cancellation));

        Assert.False(channel.MayHave(new ByteRange(0, 10)));
        Assert.True(channel.MayHave(new ByteRange(524_288, 600_000)));
    }

    [Fact]
    public async Task Read_UploadLimit_TakesItsTime()
    {
        var network = new InMemoryPeerNetwork();
        var time = new VirtualTime();
        await using var giver = await PeerNode.StartAsync(
            "127.22.3.11", network, options => (options.LocalUploadLimit, options.LowestUploadRate) = (new ByteSize(100_000), default),
            time); // the clock does not wait for real sockets
        await using var taker = await PeerNode.StartAsync("127.22.3.12", network);
        var channel = Assert.Single(await taker.OpenAsync(await giver.ShareAsync(Bytes)));

        var read = await time.RunAsync(ReadAsync(channel));

        Assert.Equal(Bytes, read);
        Assert.InRange(time.Elapsed.TotalSeconds, 11.4, 12); // 1.2 MB at 100 kB/s, less what may come at once
    }

    [Fact]
    public async Task Restart_Refused_IsStillRefused()
    {
        var network = new InMemoryPeerNetwork();
        await using var giver = await PeerNode.StartAsync("127.22.3.13", network);
        await using var taker = await PeerNode.StartAsync("127.22.3.14", network);
        var content = await giver.ShareAsync(Bytes);

        Assert.Single(await taker.OpenAsync(content))!.Blame("test");

        Assert.Single(taker.Get<PeerReputation>().Refused.Running);
        Assert.Empty(await taker.OpenAsync(content));
    }

    private static async Task<byte[]> ReadAsync(IChannel channel, int length = 1_200_000)
    {
        var sink = new InMemorySink();
        Assert.Equal(ChannelResult.Complete, await channel.ReadAsync(new ByteRange(0, length), sink, PeerNode.Cancellation));
        return sink.Bytes;
    }
}
