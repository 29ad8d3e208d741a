using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Channels;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Fetching.Blocks;

/// <summary>How much a channel is given and what it takes over, by how far away it is and how long its first byte takes.</summary>
public sealed class WorkPlanTests
{
    private const int Piece = 512 << 10;

    private readonly VirtualTime _time = new();
    private readonly ChannelOptions _options = new();
    private readonly BlockMap _map = new(10_000_000);
    private readonly WorkPlan _plan;

    private readonly PeerRecord _peers;
    private readonly Congestion _congestion;

    public WorkPlanTests()
    {
        _congestion = new Congestion(_options, _time);
        _peers = new PeerRecord(Options.Create(_options), _time);
        _plan = new WorkPlan(Options.Create(new WorkOptions()), _peers, _time);
    }

    [Theory]
    [InlineData(ChannelDistance.SameHost, 4 << 20)]
    [InlineData(ChannelDistance.SameNetwork, 4 << 20)]
    [InlineData(ChannelDistance.Other, 1 << 20)]
    public void Next_UnknownRate_TheNearerTheMore(ChannelDistance distance, long expected) =>
        Assert.Equal(expected, Length(_plan.Next(Make(distance), Crew(2), _map, null).Claim));

    [Fact]
    public void Next_KnownRate_AsMuchAsItDoesInAClaimsTime()
    {
        var channel = Make(ChannelDistance.SameHost);
        channel.Measure(2 * Piece, TimeSpan.FromSeconds(1));

        Assert.Equal(2 * Piece, Length(_plan.Next(channel, Crew(2), _map, null).Claim));
    }

    [Theory]
    [InlineData(ChannelDistance.SameNetwork, true)]
    [InlineData(ChannelDistance.Other, false)]
    public void Next_AnotherIsAtTheLastPieceForHalfASecond_OnlyANearOneTriesIt(ChannelDistance distance, bool takes)
    {
        var slow = Slow(secondsLeft: 0.5);

        var (claim, revoked) = _plan.Next(Make(distance), Crew(2), _map, null);

        Assert.Equal(takes ? slow : null, revoked);
        Assert.Equal(takes, claim is not null);
    }

    [Theory]
    [InlineData(0.01, true)]
    [InlineData(0.9, false)]
    public void Next_AFastChannel_TakesOverUnlessItsFirstByteTakesTooLong(double firstByte, bool takes)
    {
        var slow = Slow(secondsLeft: 0.5);
        var fast = Make(ChannelDistance.Other);
        fast.Measure(100_000_000, TimeSpan.FromSeconds(1));
        fast.Began(TimeSpan.FromSeconds(firstByte));

        var (_, revoked) = _plan.Next(fast, Crew(2), _map, null);

        Assert.Equal(takes ? slow : null, revoked);
    }

    [Theory]
    [InlineData(SourceRole.Peers, true, false)]
    [InlineData(SourceRole.Peers, false, true)]
    [InlineData(SourceRole.Origin, true, true)]
    public void Next_APeerIsSilent_AnUntriedPeerLeavesItsWorkToTheOrigin(SourceRole role, bool originWorks, bool takes)
    {
        var silent = Slow(secondsLeft: 0.5);
        _time.Advance(_options.Silence);

        var (claim, revoked) = _plan.Next(Make(ChannelDistance.Other, role), Crew(2, originWorks), _map, null);

        Assert.Equal(takes ? silent : null, revoked);
        Assert.Equal(takes, claim is not null);
    }

    [Fact]
    public void Next_AsManyPeersAreReadFromAsIsGood_OnlyAnOriginGetsMore()
    {
        for (var i = 0; i < _options.PeersAtOnce; i++)
        {
            Assert.NotNull(_plan.Next(Make(ChannelDistance.Other), Crew(20), _map, null).Claim);
        }

        Assert.Null(_plan.Next(Make(ChannelDistance.Other), Crew(20), _map, null).Claim);
        Assert.NotNull(_plan.Next(Make(ChannelDistance.Other, SourceRole.Origin), Crew(20), _map, null).Claim);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Next_APeerIsSilentWhileAllAreLate_OneThatHasGivenIsWaitedFor(bool hasGiven, bool takes)
    {
        var silent = Slow(secondsLeft: 0.5);
        if (hasGiven)
        {
            silent.Owner.Measure(Piece, TimeSpan.FromSeconds(1));
        }

        silent.Owner.Began(TimeSpan.FromSeconds(1));
        _time.Advance(_options.Silence);

        var (_, revoked) = _plan.Next(Make(ChannelDistance.Other), Crew(2), _map, null);

        Assert.Equal(takes ? silent : null, revoked);
    }

    [Fact]
    public void Next_APeerWhoseFirstByteHasJustCome_IsTakenForWhatItDidBefore()
    {
        var last = _map.Blocks[^1];
        foreach (var block in _map.Blocks.SkipLast(1))
        {
            block.Position = block.Range.End;
        }

        var good = Make(ChannelDistance.Other);
        good.Measure(2 * Piece, TimeSpan.FromSeconds(1));
        var claim = _plan.Next(good, Crew(1), _map, null).Claim!;
        _time.Advance(_options.Silence - TimeSpan.FromMilliseconds(1));
        claim.Position = last.Position += 1000; // by which alone it would take minutes
        claim.LastByte = _time.GetTimestamp();
        var fast = Make(ChannelDistance.Other);
        fast.Measure(4 * Piece, TimeSpan.FromSeconds(1));

        var (_, soon) = _plan.Next(fast, Crew(2), _map, null);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        claim.LastByte = _time.GetTimestamp();
        var (_, later) = _plan.Next(fast, Crew(2), _map, null);

        Assert.Equal((null, claim), (soon, later));
    }

    /// <summary>All is here but what one channel is getting, at an even pace since a moment.</summary>
    [Theory]
    [InlineData(8_000, 1, true, false)] // trickles: apt would wait for a minute
    [InlineData(2_000_000, 1, false, true)] // does well: it ends the piece that it is at, and comes back
    [InlineData(9_000_000, 1, false, false)] // is about to end all that is left
    [InlineData(0, 0.1, false, false)] // has only just begun
    public void MakeWayForFront_WhoHadItHasFailed_TheOriginBreaksOffWhatWouldBeLong(
        int given, double seconds, bool isRevoked, bool isShortened)
    {
        var failed = _map.TryClaim(Make(ChannelDistance.Other), Piece, _map.Length, _time.GetTimestamp())!;
        var origin = _map.TryClaim(Make(ChannelDistance.Other, SourceRole.Origin), _map.Length, _map.Length, _time.GetTimestamp())!;
        Assert.Null(_plan.MakeWayForFront(_map)); // somebody has it
        _map.Release(failed);
        _time.Advance(TimeSpan.FromSeconds(seconds));
        if (given > 0)
        {
            origin.LastByte = _time.GetTimestamp();
            _map.Fill(origin, given);
        }

        var revoked = _plan.MakeWayForFront(_map);

        Assert.Equal(isRevoked ? origin : null, revoked);
        Assert.Equal(isShortened ? _map.BlockAt(origin.Position).Range.End : _map.Length, origin.End);
        var next = _plan.Next(origin.Owner, Crew(1, true), _map, null).Claim;
        Assert.Equal(0, next!.Position); // which it takes as soon as it is free
        Assert.Null(_plan.MakeWayForFront(_map));
    }

    private Claim Slow(double secondsLeft)
    {
        var last = _map.Blocks[^1];
        foreach (var block in _map.Blocks.SkipLast(1))
        {
            block.Position = block.Range.End;
        }

        var claim = _plan.Next(Make(ChannelDistance.Other), Crew(1), _map, null).Claim!;
        var half = (int)(last.Range.Length / 2);
        _time.Advance(TimeSpan.FromSeconds(secondsLeft));
        claim.Position = last.Position += half;
        claim.LastByte = _time.GetTimestamp();
        return claim;
    }

    private FetchChannel Make(ChannelDistance distance, SourceRole role = SourceRole.Peers) =>
        new(
            new InMemoryChannel($"{Guid.NewGuid()}", ReadOnlyMemory<byte>.Empty, _time) { Distance = distance },
            new InMemorySource("source", role), _congestion, _options, _time);

    /// <summary>So many, of whom nothing is known.</summary>
    private Crew Crew(int active, bool originWorks = false) =>
        new(originWorks ? [Make(ChannelDistance.Other, SourceRole.Origin)] : [], active - (originWorks ? 1 : 0));

    private static long? Length(Claim? claim) => claim?.End - claim?.Position;
}
