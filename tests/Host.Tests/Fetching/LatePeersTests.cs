using AptP2P.Host.Fetching.Channels;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Fetching;

/// <summary>
/// Files one after the other, with what the daemon remembers between them: waiting for peers in vain is paid once, not with each file.
/// </summary>
public sealed class LatePeersTests
{
    private const int Length = 1_000_000;
    private const int MirrorRate = 2_000_000;
    private static readonly TimeSpan PeerStart = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LookupBudget = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);
    private static readonly ChannelAct Hangs = ChannelAct.Stall(0);
    private static readonly ChannelAct Trickles = ChannelAct.Slow(20_000);

    [Theory]
    [InlineData(200_000)]
    [InlineData(Length)]
    [InlineData(5_000_000)]
    public void Fetch_ThreePeersHang_OnlyTheFirstFileIsLater(int length)
    {
        var alone = Alone(length);

        var files = Run(new Try(length, 3, Hangs), new Try(length, 3, Hangs), new Try(length, 3, Hangs));

        Assert.Equal([alone + PeerStart, alone, alone], files.Select(file => file.Took));
    }

    [Fact]
    public void Fetch_ThreePeersTrickle_OnlyTheFirstFileIsLater()
    {
        var alone = Alone(Length);

        var files = Run(new Try(Length, 3, Trickles), new Try(Length, 3, Trickles));

        Assert.Equal([alone + PeerStart, alone], files.Select(file => file.Took));
    }

    [Theory]
    [InlineData(1, 200_000)]
    [InlineData(1, 5_000_000)]
    [InlineData(3, Length)]
    public void Fetch_ANewDaemonsPeersHang_NoFileIsLater(int peers, int length)
    {
        var alone = Alone(length);

        var files = Run(isNew: true, new Try(length, peers, Hangs), new Try(length, peers, Hangs));

        Assert.Equal([alone, alone], files.Select(file => file.Took));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Fetch_ANewDaemonsNeighboursHang_OnlyTheFirstFileIsLater(int peers)
    {
        var alone = Alone(Length);
        var hang = new Try(Length, peers, Hangs) { Distance = ChannelDistance.SameNetwork };

        var files = Run(isNew: true, hang, hang);

        // They have said that they have it, so they are there: [Fetch] NeighbourSilence.
        Assert.Equal([alone + TimeSpan.FromMilliseconds(250), alone], files.Select(file => file.Took));
    }

    [Fact]
    public void Fetch_ANewDaemonsSearchDoesNotEnd_NoFileIsLater()
    {
        var inVain = new Try(Length) { SearchEnds = false };

        var files = Run(isNew: true, inVain, inVain);

        Assert.Equal([Alone(Length), Alone(Length)], files.Select(file => file.Took));
        Assert.All(files, file => Assert.Equal(1, file.Requests)); // each is a round trip, and apt alone makes one
    }

    [Fact]
    public void Fetch_ANewDaemonsPeersDoWell_TheNextFileIsTheirs()
    {
        var files = Run(isNew: true, new Try(Length, 3, ChannelAct.Right), new Try(Length, 3, ChannelAct.Right));

        Assert.Equal(0, files[1].FromMirror);
    }

    [Fact]
    public void Fetch_OnePeerHangs_OnlyTheFirstFileWaitsForWhatItWasAsked()
    {
        var alone = Alone(Length);

        var files = Run(new Try(Length, 1, Hangs), new Try(Length, 1, Hangs));

        // The mirror has its own block after 232 ms. It looks around when neighbours were asked again, at 300 ms, and every 100 ms after
        // that: at the end of half a second's silence.
        Assert.Equal([alone + TimeSpan.FromMilliseconds(500 - 232), alone], files.Select(file => file.Took));
    }

    [Fact]
    public void Fetch_PeersThatWereLateDoWell_TheyAreWaitedForAgain()
    {
        var files = Run(new Try(Length, 3, Hangs), new Try(5_000_000, 3, ChannelAct.Right), new Try(Length, 3, ChannelAct.Right));

        Assert.Equal([Length, 0, 0], files.Select(file => file.FromMirror));
    }

    [Fact]
    public void Fetch_SomeTimeLater_PeersAreWaitedForAgain()
    {
        var files = Run(new Try(Length, 3, Hangs), new Try(Length, 3, ChannelAct.Right) { After = new ChannelOptions().Doubt });

        Assert.Equal([Length, 0], files.Select(file => file.FromMirror));
    }

    [Fact]
    public void Fetch_PeersWereLateAndNowTheMirrorHangs_APeerCarriesIt()
    {
        var files = Run(new Try(Length, 3, Hangs), new Try(Length, 1, ChannelAct.Right) { Mirror = Hangs });

        Assert.InRange(files[1].Took, TimeSpan.Zero, Silence);
        Assert.Equal(0, files[1].FromMirror);
    }

    [Fact]
    public void Fetch_SearchesInVain_TheThirdFileDoesNotWait()
    {
        var alone = Alone(Length);
        var inVain = new Try(Length) { SearchEnds = false };

        var files = Run(inVain, inVain, inVain, inVain);

        Assert.Equal([alone + LookupBudget, alone + LookupBudget, alone, alone], files.Select(file => file.Took));
    }

    [Fact]
    public void Fetch_ASearchFindsSomebody_TheNextIsWaitedFor()
    {
        var alone = Alone(Length);
        var inVain = new Try(Length) { SearchEnds = false };

        var files = Run(inVain, inVain, new Try(Length, 1, ChannelAct.Slow(2 * MirrorRate)), inVain);

        Assert.Equal(alone + LookupBudget, files[3].Took);
    }

    /// <summary>What the mirror takes, in a daemon of its own.</summary>
    private static TimeSpan Alone(int length) => Run(new Try(length))[0].Took;

    /// <summary>Fetches files by a daemon to which peers have been good.</summary>
    private static Outcome[] Run(params Try[] files) => Run(isNew: false, files);

    private static Outcome[] Run(bool isNew, params Try[] files)
    {
        var (time, options) = (new VirtualTime(), Options.Create(new ChannelOptions()));
        var (record, speeds) = (new PeerRecord(options, time), new Speeds(options, time));
        if (!isNew)
        {
            FetchRig.Prove(record, time);
        }

        return [.. files.Select((file, i) => Get(file, time, record, speeds, seed: i))];
    }

    private static Outcome Get(Try file, VirtualTime time, PeerRecord record, Speeds speeds, int seed)
    {
        time.Advance(file.After);
        using var rig = new FetchRig(TestContent.Bytes(file.Length, seed), time: time, record: record, speeds: speeds);
        var mirror = rig.AddMirror();
        mirror.Otherwise = file.Mirror ?? ChannelAct.Slow(MirrorRate);
        for (var i = 0; i < file.Peers; i++)
        {
            rig.Peers.Add(
                rig.Content.Hash,
                new InMemoryChannel($"peer{i}", rig.Bytes, time)
                {
                    Distance = file.Distance,
                    Pieces = rig.Pieces,
                    Otherwise = file.Act!,
                });
        }

        rig.Mirror.EndSearch(rig.Content.Hash);
        if (file.SearchEnds)
        {
            rig.EndSearch();
        }

        var began = time.GetTimestamp();
        var (bytes, failure) = rig.Read();
        var took = time.GetElapsedTime(began);

        Assert.Null(failure);
        Assert.Equal(rig.Bytes, bytes);
        return new Outcome(took, mirror.BytesRead, mirror.Reads.Count);
    }

    /// <summary>A file, and how the peers behave that are found for it.</summary>
    private sealed record Try(int Length, int Peers = 0, ChannelAct? Act = null)
    {
        public TimeSpan After { get; init; }

        public bool SearchEnds { get; init; } = true;

        public ChannelDistance Distance { get; init; } = ChannelDistance.Other;

        public ChannelAct? Mirror { get; init; }
    }

    private readonly record struct Outcome(TimeSpan Took, long FromMirror, int Requests);
}
