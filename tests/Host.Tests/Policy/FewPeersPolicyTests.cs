using AptP2P.Host.Policy;
using AptP2P.Testing.Conformance;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Policy;

public sealed class FewPeersPolicyTests : SourcePolicyConformance
{
    private const long Large = 1 << 20;

    protected override ISourcePolicy Policy { get; } = new FewPeersPolicy(Options.Create(new FewPeersOptions()));

    private static readonly FetchState Working = Begun(Large) with
    {
        SearchFinished = true,
        Origins = 1,
        SpareOrigins = 2,
        SinceOrigin = TimeSpan.FromSeconds(2),
    };

    public static TheoryData<string, FetchState, bool, PeerUse> Table =>
        new()
        {
            { "large, just begun: the mirror waits for the look-up", Begun(Large), false, PeerUse.Search },
            { "large, one peer so far: still within the budget", Begun(Large) with { Peers = 1 }, false, PeerUse.Search },
            { "0 peers: mirror", Found(0), true, PeerUse.Search },
            { "1 peer: peer and mirror", Found(1), true, PeerUse.Search },
            { "2 peers: peers and mirror", Found(2), true, PeerUse.Search },
            { "3 peers: peers only", Found(3), false, PeerUse.Search },
            { "many peers: peers only", Found(40), false, PeerUse.Search },
            { "3 peers before the look-up ended: peers only", Begun(Large) with { Peers = 3 }, false, PeerUse.Search },
            {
                "the look-up takes longer than its budget: mirror",
                Begun(Large) with
                {
                    Elapsed = TimeSpan.FromMilliseconds(250),
                },
                true,
                PeerUse.Search
            },
            { "3 peers, but nothing comes: everybody", Found(3) with { SinceProgress = TimeSpan.FromSeconds(2) }, true, PeerUse.Search },
            { "3 peers, but a trickle: the mirror helps", Found(3) with { PeersRate = 1_000 }, true, PeerUse.Search },
            {
                "3 peers, but they have sent next to nothing: the mirror too",
                Found(3) with
                {
                    SincePeers = TimeSpan.FromMilliseconds(250),
                    PeerBytes = 5_000,
                },
                true,
                PeerUse.Search
            },
            {
                "3 peers, but none has sent a byte yet: the mirror too",
                Found(3) with
                {
                    SincePeers = TimeSpan.FromMilliseconds(250),
                },
                true,
                PeerUse.Search
            },
            {
                "3 peers that have begun to send: peers only",
                Begun3 with
                {
                    OriginSpeed = 1_000_000,
                },
                false,
                PeerUse.Search
            },
            { "3 peers, and it is not known how fast the mirror is: a try", Begun3, true, PeerUse.Search },
            {
                "3 peers, and the mirror is faster than all of them: everybody",
                Begun3 with
                {
                    OriginSpeed = 3_000_000,
                    PeersSpeed = 2_000_000,
                },
                true,
                PeerUse.Search
            },
            {
                "3 peers that are faster than the mirror: peers only",
                Begun3 with
                {
                    OriginSpeed = 2_000_000,
                    PeersSpeed = 3_000_000,
                },
                false,
                PeerUse.Search
            },
            {
                "1 peer, which is slower than the mirror: nobody waits for the look-up",
                Begun(Large) with
                {
                    Peers = 1,
                    OriginSpeed = 3_000_000,
                    PeersSpeed = 2_000_000,
                },
                true,
                PeerUse.Search
            },
            { "neighbours are being asked: they may say so", Begun(Large) with { AwaitsNeighbours = true }, false, PeerUse.Known },
            { "small, and neighbours are being asked: the same", Begun(1) with { AwaitsNeighbours = true }, false, PeerUse.Known },
            {
                "neighbours do not say so at once: the mirror",
                Begun(1) with
                {
                    AwaitsNeighbours = true,
                    Elapsed = TimeSpan.FromMilliseconds(50),
                },
                true,
                PeerUse.Known
            },
            { "3 peers, which were late of late: the mirror at once", Found(3) with { PeersLate = true }, true, PeerUse.Search },
            {
                "3 peers, which were late of late and have begun: peers only",
                Found(3) with
                {
                    PeersLate = true,
                    PeerBytes = 60_000,
                },
                false,
                PeerUse.Search
            },
            {
                "large, just begun, and peers were late of late: the mirror at once",
                Begun(Large) with
                {
                    PeersLate = true,
                },
                true,
                PeerUse.Search
            },
            {
                "large, just begun, and searches are in vain: the mirror at once",
                Begun(Large) with
                {
                    SearchesVain = true,
                },
                true,
                PeerUse.Search
            },
            { "3 peers, though searches were in vain: peers only", Found(3) with { SearchesVain = true }, false, PeerUse.Search },
            {
                "others are getting it too: peers, and the mirror for a part",
                Begun(16 << 20) with
                {
                    Crowd = 5,
                    SinceProgress = TimeSpan.FromSeconds(3),
                },
                true,
                PeerUse.Search
            },
            { "3 fast peers: no mirror", Found(3) with { PeersRate = 10_000_000 }, false, PeerUse.Search },
            {
                "3 fast peers, and apt waits for one of the pieces: no mirror",
                Found(3) with
                {
                    PeersRate = 10_000_000,
                    PeerBytes = 60_000,
                    SinceProgress = TimeSpan.FromSeconds(2),
                },
                false,
                PeerUse.Search
            },
            {
                "3 fast peers, and apt waits too long for one: everybody",
                Found(3) with
                {
                    PeersRate = 10_000_000,
                    PeerBytes = 60_000,
                    SinceProgress = TimeSpan.FromSeconds(20),
                },
                true,
                PeerUse.Search
            },
            { "small: the mirror at once, and peers only if known", Begun(64 << 10), true, PeerUse.Known },
            { "small, and nothing comes: a look-up", Begun(1) with { SinceProgress = TimeSpan.FromSeconds(2) }, true, PeerUse.Search },
            { "small, and the mirror trickles: a look-up", Begun(1) with { OriginRate = 1_000 }, true, PeerUse.Search },
            { "small, and the mirror is good: no look-up", Begun(1) with { OriginRate = 1_000_000 }, true, PeerUse.Known },
            { "small, and the mirror failed: a look-up", Begun(1) with { OriginFailed = true }, false, PeerUse.Search },
            { "large, and the mirror failed: peers", Found(1) with { OriginFailed = true }, false, PeerUse.Search },
            { "no mirror at all: peers", Found(0) with { HasOrigin = false }, false, PeerUse.Search },
            { "peers lied: mirror only", Found(5) with { PeersDistrusted = true }, true, PeerUse.None },
        };

    public static TheoryData<string, FetchState, int> OriginTable =>
        new()
        {
            { "just begun: one", Begun(Large) with { SearchFinished = true, SpareOrigins = 2 }, 1 },
            { "a good mirror: one", Working with { OriginRate = 1_000_000 }, 1 },
            { "a mirror of unknown rate: one", Working, 1 },
            { "the mirror trickles: the next one too", Working with { OriginRate = 1_000 }, 2 },
            { "both trickle: a third", Working with { Origins = 2, SpareOrigins = 1, OriginRate = 1_000 }, 3 },
            { "all trickle: there are no more", Working with { Origins = 3, SpareOrigins = 0, OriginRate = 1_000 }, 3 },
            {
                "the next one has only just begun: it has time to show what it can do",
                Working with
                {
                    Origins = 2,
                    OriginRate = 1_000,
                    SinceOrigin = TimeSpan.FromSeconds(1),
                },
                2
            },
            { "nothing comes: the next one too", Working with { SinceProgress = TimeSpan.FromSeconds(2) }, 2 },
            { "two are good enough: two", Working with { Origins = 2, OriginRate = 1_000_000 }, 2 },
            { "one of two failed: one", Working with { SpareOrigins = 1 }, 1 },
            { "small, and the mirror trickles: the next one too", Working with { Length = 1, OriginRate = 1_000 }, 2 },
            { "peers lied and the mirror trickles: the next one too", Working with { PeersDistrusted = true, OriginRate = 1_000 }, 2 },
            {
                "enough peers, which stall: the first",
                Found(3) with
                {
                    SpareOrigins = 3,
                    SinceProgress = TimeSpan.FromSeconds(2),
                    SinceOrigin = TimeSpan.FromSeconds(9),
                },
                1
            },
        };

    [Theory]
    [MemberData(nameof(OriginTable))]
    public void Decide_OriginTable_Holds(string circumstances, FetchState state, int origins)
    {
        var plan = Policy.Decide(state);

        Assert.True(plan.Origin && plan.Origins == origins, $"{circumstances}: {plan}");
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Decide_Table_Holds(string circumstances, FetchState state, bool origin, PeerUse peers)
    {
        var plan = Policy.Decide(state);

        Assert.True((origin, peers) == (plan.Origin, plan.Peers), $"{circumstances}: {plan}");
    }

    [Fact]
    public void Decide_Crowd_SharedUntilNothingComes()
    {
        var crowd = Begun(16 << 20) with { Crowd = 5, SearchFinished = true };

        Assert.True(Policy.Decide(crowd).Shared);
        Assert.True(Policy.Decide(crowd with { Peers = 2, SinceProgress = TimeSpan.FromSeconds(9) }).Shared);
        Assert.False(Policy.Decide(crowd with { Peers = 3 }).Shared);
        Assert.False(Policy.Decide(crowd with { SinceProgress = TimeSpan.FromSeconds(20) }).Shared);
    }

    [Theory]
    [InlineData(100, 0, 0, false)]
    [InlineData(250, 0, 0, true)]
    [InlineData(250, 60_000, 0, false)]
    [InlineData(250, 60_000, 1_000, true)]
    public void Decide_PeersFound_SaysWhetherTheyAreLate(int milliseconds, long bytes, double rate, bool late) =>
        Assert.Equal(
            late,
            Policy
                .Decide(Found(3) with { SincePeers = TimeSpan.FromMilliseconds(milliseconds), PeerBytes = bytes, PeersRate = rate })
                .PeersLate);

    [Fact]
    public void Decide_PeersFound_AsksAgainWhenTheyAreLate() =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(150),
            Policy
                .Decide(Found(3) with
                {
                    SincePeers = TimeSpan.FromMilliseconds(100),
                    SinceProgress = TimeSpan.FromMilliseconds(100),
                    OriginSpeed = 1_000_000,
                    PeersSpeed = 2_000_000,
                })
                .AskAgain);

    private static FetchState Begun3 => Found(3) with { SincePeers = TimeSpan.FromMilliseconds(250), PeerBytes = 60_000 };

    private static FetchState Begun(long length) => new() { Length = length, HasOrigin = true };

    private static FetchState Found(int peers) => Begun(Large) with { Peers = peers, SearchFinished = true };
}
