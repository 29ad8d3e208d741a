using AptP2P.Host.Fetching.Channels;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Host.Tests.Fetching;

/// <summary>
/// What the operator has at hand costs nothing: nobody else is asked while it is given, and it is believed no more than an origin.
/// </summary>
public sealed class LocalTests
{
    private static readonly ChannelOptions Defaults = new();

    [Theory]
    [InlineData(1_000)]
    [InlineData(60_000)] // small: the policy asks the mirror at once
    [InlineData(400_000)] // one piece
    [InlineData(20_000_000)]
    public void Fetch_CopyAtHand_NobodyElseIsAsked(int length)
    {
        using var rig = new FetchRig(TestContent.Bytes(length), hasLocal: true);
        var (mirror, peer, local) = (rig.AddMirror(), rig.AddPeer(), rig.AddLocal());
        rig.EndSearch();

        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.Equal(rig.Bytes, bytes);
        Assert.True(rig.IsStored);
        Assert.Single(local.Reads);
        Assert.Empty(mirror.Reads);
        Assert.Empty(peer.Reads);
        Assert.Empty(rig.Peers.Opened); // nobody hears of it
        Assert.Empty(rig.Mirror.Opened);
    }

    [Fact]
    public void Fetch_PolicyWantsTheMirrorAlways_TheCopyGivesAll()
    {
        var always = new FixedPolicy(new SourcePlan(Origin: true, PeerUse.Search));
        using var rig = new FetchRig(TestContent.Bytes(5_000_000), plugin: always, hasLocal: true);
        var (mirror, _) = (rig.AddMirror(), rig.AddLocal());
        rig.EndSearch();

        Assert.Equal(rig.Bytes, rig.Read().Bytes);
        Assert.Empty(mirror.Reads);
    }

    [Fact]
    public void Fetch_PeersMayNotHearOfIt_TheCopyIsAskedAllTheSame()
    {
        using var rig = new FetchRig(TestContent.Bytes(5_000_000), consent: _ => false, hasLocal: true);
        var (mirror, _) = (rig.AddMirror(), rig.AddLocal());
        rig.EndSearch();

        Assert.Equal(rig.Bytes, rig.Read().Bytes);
        Assert.Empty(mirror.Reads);
    }

    [Fact]
    public void Fetch_NoOrigin_TheCopyGivesAll()
    {
        using var rig = new FetchRig(TestContent.Bytes(5_000_000), hasOrigin: false, hasLocal: true);
        rig.EndSearch();
        rig.AddLocal();

        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.Equal(rig.Bytes, bytes);
    }

    [Fact]
    public void Fetch_NoCopyAtHand_TheOthersBeginAtOnce()
    {
        using var rig = new FetchRig(TestContent.Bytes(60_000), hasLocal: true);
        var mirror = rig.AddMirror();
        rig.EndSearch();

        Assert.Equal(rig.Bytes, rig.Read().Bytes);
        Assert.Single(mirror.Reads);
        Assert.InRange(rig.Time.Elapsed, TimeSpan.Zero, Defaults.LocalBudget / 2);
    }

    [Fact]
    public void Fetch_NotSaidInTimeWhetherThereIsACopy_TheMirrorBeginsAndTheCopyTakesOver()
    {
        using var rig = new FetchRig(TestContent.Bytes(20_000_000), hasLocal: true);
        var mirror = rig.AddMirror();
        mirror.Otherwise = ChannelAct.Slow(1_000_000);
        rig.Mirror.EndSearch(rig.Content.Hash);
        rig.Peers.EndSearch(rig.Content.Hash);
        var local = new InMemoryChannel("/media/stick/x.deb", rig.Bytes, rig.Time);
        using var found = rig.Time.CreateTimer(
            _ => rig.Local.Find(rig.Content.Hash, local), null, 4 * Defaults.LocalBudget, Timeout.InfiniteTimeSpan);

        Assert.Equal(rig.Bytes, rig.Read().Bytes);
        Assert.InRange(mirror.BytesRead, 1, 2_000_000);
        Assert.InRange(local.BytesRead, 18_000_000, 20_000_000);
    }

    [Fact]
    public void Fetch_CopyIsPulledOut_TheMirrorGivesTheRest()
    {
        using var rig = new FetchRig(TestContent.Bytes(5_000_000), hasLocal: true);
        var mirror = rig.AddMirror();
        rig.AddLocal().Otherwise = ChannelAct.Fail(ChannelOutcome.Gone) with { EndAfter = 3_000_000 };
        rig.EndSearch();

        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.Equal(rig.Bytes, bytes);
        Assert.InRange(mirror.BytesRead, 1, 3_000_000);
    }

    [Fact]
    public void Fetch_CopyIsCut_IsAskedForTheRest()
    {
        using var rig = new FetchRig(TestContent.Bytes(5_000_000), hasLocal: true);
        var (mirror, local) = (rig.AddMirror(), rig.AddLocal());
        local.Script(ChannelAct.Cut(3_000_000));
        rig.EndSearch();

        Assert.Equal(rig.Bytes, rig.Read().Bytes);
        Assert.Equal(2, local.Reads.Count);
        Assert.Empty(mirror.Reads);
    }

    [Fact]
    public void Fetch_CopyHangs_TheMirrorTakesOver()
    {
        using var rig = new FetchRig(TestContent.Bytes(5_000_000), hasLocal: true);
        rig.AddMirror();
        rig.AddLocal().Script(ChannelAct.Stall(4_000_000)).Otherwise = ChannelAct.Stall(0);
        rig.EndSearch();

        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.Equal(rig.Bytes, bytes);
        Assert.InRange(rig.Time.Elapsed, Defaults.LocalSilence, 2 * Defaults.LocalSilence);
    }

    [Fact]
    public void Fetch_CopyTrickles_TheMirrorHelps()
    {
        using var rig = new FetchRig(TestContent.Bytes(20_000_000), hasLocal: true);
        var mirror = rig.AddMirror();
        mirror.Otherwise = ChannelAct.Slow(10_000_000);
        rig.AddLocal().Otherwise = ChannelAct.Slow(200_000);
        rig.EndSearch();

        Assert.Equal(rig.Bytes, rig.Read().Bytes);
        Assert.InRange(mirror.BytesRead, 15_000_000, 20_000_000);
        Assert.InRange(rig.Time.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(6));
    }

    [Theory]
    [InlineData(60_000)]
    [InlineData(5_000_000)]
    public void Fetch_CopyIsWrong_IsBlamedAndAptCannotCompleteIt(int length)
    {
        using var rig = new FetchRig(TestContent.Bytes(length), hasLocal: true);
        var mirror = rig.AddMirror();
        var local = rig.AddLocal(TestContent.Bytes(length, seed: 7));
        rig.EndSearch();

        var (first, _) = rig.Read();
        rig.WaitForEnd();
        var (second, failure) = rig.Read(); // apt asks again

        Assert.True(first.Length < length, "all of a wrong file was given");
        Assert.Null(failure);
        Assert.Equal(rig.Bytes, second);
        Assert.True(rig.IsStored);
        Assert.Single(local.Blames);
        Assert.InRange(mirror.BytesRead, length, length);
    }

    [Fact]
    public void Fetch_CopyIsOfAnotherLength_IsBlamedAndTheMirrorGivesAll()
    {
        using var rig = new FetchRig(TestContent.Bytes(5_000_000), hasLocal: true);
        rig.AddMirror();
        rig.AddLocal(TestContent.Bytes(5_000_000, seed: 7)).Otherwise = ChannelAct.Fail(ChannelOutcome.Gone) with { EndAfter = 3_000_000 };
        rig.EndSearch();

        _ = rig.Read(); // may have had some of it
        rig.WaitForEnd();

        Assert.Equal(rig.Bytes, rig.Read().Bytes);
    }
}
