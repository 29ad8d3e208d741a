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
    private const int Runs = 5;
    private static readonly TimeSpan PeerStart = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LookupBudget = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookAround = TimeSpan.FromMilliseconds(100);
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

        Assert.InRange(files[0].Took, alone + PeerStart, alone + PeerStart + LookAround);
        Assert.All(files[1..], file => Assert.InRange(file.Took, alone, alone * 1.01));
    }

    [Fact]
    public void Fetch_ThreePeersTrickle_OnlyTheFirstFileIsLater()
    {
        var alone = Alone(Length);

        var files = Run(new Try(Length, 3, Trickles), new Try(Length, 3, Trickles));

        Assert.InRange(files[0].Took, alone, alone + PeerStart + LookAround);
        Assert.InRange(files[1].Took, alone, alone * 1.01);
    }

    [Fact]
    public void Fetch_OnePeerHangs_OnlyTheFirstFileWaitsForWhatItWasAsked()
    {
        var alone = Alone(Length);

        var files = Run(new Try(Length, 1, Hangs), new Try(Length, 1, Hangs));

        Assert.InRange(files[0].Took, alone, alone + Silence + LookAround);
        Assert.InRange(files[1].Took, alone, alone * 1.01);
    }

    [Fact]
    public void Fetch_PeersThatWereLateDoWell_TheyAreWaitedForAgain()
    {
        var files = Run(new Try(Length, 3, Hangs), new Try(5_000_000, 3, ChannelAct.Right), new Try(Length, 3, ChannelAct.Right));

        Assert.InRange(files[1].FromMirror, 1, 2_500_000);
        Assert.Equal(0, files[2].FromMirror);
    }

    [Fact]
    public void Fetch_SomeTimeLater_PeersAreWaitedForAgain()
    {
        var files = Run(new Try(Length, 3, Hangs), new Try(Length, 3, ChannelAct.Right) { After = new ChannelOptions().Doubt });

        Assert.Equal(0, files[1].FromMirror);
    }

    [Fact]
    public void Fetch_PeersWereLateAndNowTheMirrorHangs_APeerCarriesIt()
    {
        var files = Run(new Try(Length, 3, Hangs), new Try(Length, 1, ChannelAct.Right) { Mirror = Hangs });

        Assert.InRange(files[1].Took, TimeSpan.Zero, Silence + (2 * LookAround));
    }

    [Fact]
    public void Fetch_SearchesInVain_TheThirdFileDoesNotWait()
    {
        var alone = Alone(Length);
        var inVain = new Try(Length) { SearchEnds = false };

        var files = Run(inVain, inVain, inVain, inVain);

        Assert.All(files[..2], file => Assert.InRange(file.Took, alone + LookupBudget, alone + LookupBudget + LookAround));
        Assert.All(files[2..], file => Assert.InRange(file.Took, alone, alone * 1.01));
    }

    [Fact]
    public void Fetch_ASearchFindsSomebody_TheNextIsWaitedFor()
    {
        var alone = Alone(Length);
        var inVain = new Try(Length) { SearchEnds = false };

        var files = Run(inVain, inVain, new Try(Length, 1, ChannelAct.Right), inVain);

        Assert.InRange(files[3].Took, alone + LookupBudget, alone + LookupBudget + LookAround);
    }

    /// <summary>What the mirror takes, in a daemon of its own.</summary>
    private static TimeSpan Alone(int length) => Run(new Try(length))[0].Took;

    /// <summary>Fetches files by a new daemon.</summary>
    /// <returns>
    /// The least of some runs: where a thread of the pool is held up by the machine, virtual time may go on before it, which only makes a
    /// run later.
    /// </returns>
    private static Outcome[] Run(params Try[] files)
    {
        var least = Enumerable.Repeat(new Outcome(TimeSpan.MaxValue, long.MaxValue), files.Length).ToArray();
        for (var run = 0; run < Runs; run++)
        {
            var time = new VirtualTime();
            var record = new PeerRecord(Options.Create(new ChannelOptions()), time);
            for (var i = 0; i < files.Length; i++)
            {
                var outcome = Get(files[i], time, record, seed: i);
                least[i] = new Outcome(
                    outcome.Took < least[i].Took ? outcome.Took : least[i].Took, Math.Min(outcome.FromMirror, least[i].FromMirror));
            }
        }

        return least;
    }

    private static Outcome Get(Try file, VirtualTime time, PeerRecord record, int seed)
    {
        time.Advance(file.After);
        using var rig = new FetchRig(TestContent.Bytes(file.Length, seed), time: time, record: record);
        var mirror = rig.AddMirror();
        mirror.Otherwise = file.Mirror ?? ChannelAct.Slow(MirrorRate);
        for (var i = 0; i < file.Peers; i++)
        {
            rig.AddPeer().Otherwise = file.Act!;
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
        return new Outcome(took, mirror.BytesRead);
    }

    /// <summary>A file, and how the peers behave that are found for it.</summary>
    private sealed record Try(int Length, int Peers = 0, ChannelAct? Act = null)
    {
        public TimeSpan After { get; init; }

        public bool SearchEnds { get; init; } = true;

        public ChannelAct? Mirror { get; init; }
    }

    private readonly record struct Outcome(TimeSpan Took, long FromMirror);
}
