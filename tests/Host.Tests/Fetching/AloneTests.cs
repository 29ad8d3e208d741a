using AptP2P.Host.Fetching;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Host.Tests.Fetching;

/// <summary>
/// An origin that nobody else can stand in for is asked as often as apt asks, waited for as long, and what it says is what apt hears.
/// </summary>
public sealed class AloneTests
{
    private const int Length = 400_000;

    /// <summary>A timer or two may go off while a cancellation is on its way through the pool.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private static readonly FetchOptions Defaults = new();

    [Theory]
    [InlineData(ChannelOutcome.Busy)]
    [InlineData(ChannelOutcome.Cut)]
    [InlineData(ChannelOutcome.Timeout)]
    [InlineData(ChannelOutcome.Gone)]
    [InlineData(ChannelOutcome.Refused)]
    [InlineData(ChannelOutcome.Protocol)]
    public void Fetch_OriginFails_AskedOnceAndItsAnswerGivenAtOnce(ChannelOutcome outcome)
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        var answer = new OriginAnswer(503, "tired", HasBody: false);
        var mirror = rig.AddMirror();
        mirror.Otherwise = ChannelAct.Fail(outcome) with { Answer = answer };
        rig.EndSearch();

        var (bytes, failure) = rig.Read();

        Assert.Empty(bytes);
        Assert.Equal((outcome, answer), (failure!.AtOrigin!.Value.Outcome, failure.AtOrigin.Value.Answer));
        Assert.Single(mirror.Reads);
        Assert.InRange(rig.Time.Elapsed, TimeSpan.Zero, Slack);
    }

    [Theory]
    [InlineData(ChannelOutcome.Busy, 503)]
    [InlineData(ChannelOutcome.Gone, 404)]
    [InlineData(ChannelOutcome.Cut, null)]
    [InlineData(ChannelOutcome.Timeout, null)]
    public void Fetch_HostFails_NotAskedForTheFilesOtherNameToo(ChannelOutcome outcome, int? status)
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        var mirror = rig.AddMirror();
        mirror.Otherwise = ChannelAct.Fail(outcome) with
        {
            Answer = status is { } said ? new OriginAnswer(said, null, HasBody: true) : null,
        };
        var namesake = rig.AddMirror("http://mirror.test/by-hash/x");
        rig.EndSearch();

        Assert.Equal(outcome, rig.Read().Failure!.Outcome);
        Assert.Single(mirror.Reads);
        Assert.Empty(namesake.Reads);
    }

    [Theory]
    [InlineData("mirror.test")]
    [InlineData("http://mirror.test/x.deb")]
    public void Fetch_HostHangs_IsAskedOnceEachTimeUnderTheFirstName(string name)
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        var mirror = rig.AddMirror(name);
        mirror.Otherwise = ChannelAct.Stall(0);
        var namesake = rig.AddMirror("http://mirror.test/by-hash/x");
        namesake.Otherwise = ChannelAct.Stall(0);
        rig.EndSearch();

        for (var time = 1; time <= 3; time++) // it is known to be in trouble from the second on
        {
            Assert.Equal(ChannelOutcome.Timeout, rig.Read().Failure!.Outcome);
            Assert.Equal(time, mirror.Reads.Count);
            Assert.Empty(namesake.Reads);
            rig.WaitForEnd();
        }
    }

    [Fact]
    public void Fetch_HostHasAnotherFileByThatName_AskedForTheOtherName()
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        rig.AddMirror().Otherwise = ChannelAct.Fail(ChannelOutcome.Gone) with { Answer = new OriginAnswer(200, null, HasBody: true) };
        rig.AddMirror("http://mirror.test/by-hash/x");
        rig.EndSearch();

        Assert.Equal(rig.Bytes, rig.Read().Bytes);
    }

    [Fact]
    public void Fetch_HostHadAnotherFileByThatName_TheNextBeginsWithTheOtherName()
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        var mirror = rig.AddMirror("http://mirror.test/x.deb", ChannelAct.Fail(ChannelOutcome.Protocol));
        var namesake = rig.AddMirror("http://mirror.test/by-hash/x", ChannelAct.Cut(0)); // which says something of both
        rig.EndSearch();
        Assert.NotNull(rig.Read().Failure);
        rig.WaitForEnd();

        Assert.Equal(rig.Bytes, rig.Read().Bytes);
        Assert.Equal((1, 2), (mirror.Reads.Count, namesake.Reads.Count));
    }

    [Fact]
    public void Fetch_OriginIsCut_BodyEndsAndTheNextGoesOn()
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        var mirror = rig.AddMirror(ChannelAct.Cut(200_000));
        rig.EndSearch();

        var (bytes, failure) = rig.Read();
        Assert.Equal((ChannelOutcome.Cut, 200_000), (failure!.Outcome, bytes.Length));

        (bytes, failure) = rig.Read();
        Assert.Null(failure);
        Assert.Equal(rig.Bytes, bytes);
        Assert.Equal([0, 196_608], mirror.Reads.Select(range => range.Start)); // three blocks of 64 KiB were whole
    }

    [Fact]
    public void Fetch_OriginThinksForAlmostAsLongAsAptWaits_AskedOnce()
    {
        using var rig = new FetchRig(TestContent.Bytes(50_000));
        var mirror = rig.AddMirror(ChannelAct.Slow((16 << 10) / 28)); // a portion in 28 s
        rig.EndSearch();

        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.Equal(rig.Bytes, bytes);
        Assert.Single(mirror.Reads);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public void Fetch_OriginHangs_GivenUpJustBeforeAptDoes(int after)
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        var mirror = rig.AddMirror(ChannelAct.Stall(after));
        rig.EndSearch();

        var (bytes, failure) = rig.Read();

        Assert.Equal((ChannelOutcome.Timeout, after), (failure!.AtOrigin!.Value.Outcome, bytes.Length));
        Assert.Single(mirror.Reads);
        Assert.InRange(rig.Time.Elapsed, Defaults.Patience, Defaults.Patience + Slack);
        Assert.InRange(Defaults.Patience, TimeSpan.FromSeconds(29), TimeSpan.FromSeconds(30));
        rig.WaitForEnd();
        Assert.Equal(rig.Bytes, rig.Read().Bytes); // the next one
    }

    [Fact]
    public void Fetch_OriginIsBusyAndTheSearchForPeersGoesOn_AptHearsOfItAfterASecond()
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        var mirror = rig.AddMirror();
        mirror.Otherwise = ChannelAct.Fail(ChannelOutcome.Busy);
        rig.Mirror.EndSearch(rig.Content.Hash);

        var (_, failure) = rig.Read();

        Assert.Equal(ChannelOutcome.Busy, failure!.Outcome);
        Assert.InRange(rig.Time.Elapsed, Defaults.LastSearch, Defaults.LastSearch + Slack);
    }

    [Fact]
    public void Fetch_OriginHasItNoMoreAndAPeerIsFoundLate_ThePeerGivesIt()
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        rig.AddMirror().Otherwise = ChannelAct.Fail(ChannelOutcome.Gone);
        rig.Mirror.EndSearch(rig.Content.Hash);
        using var found = rig.Time.CreateTimer(
            _ => rig.Peers.Find(rig.Content.Hash, new InMemoryChannel("late", rig.Bytes, rig.Time)), null, TimeSpan.FromSeconds(4),
            Timeout.InfiniteTimeSpan);

        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.Equal(rig.Bytes, bytes);
    }

    [Fact]
    public void Fetch_OriginIsBusyButAPeerIsThere_AskedAgain()
    {
        using var rig = new FetchRig(TestContent.Bytes(5_000_000));
        var mirror = rig.AddMirror(ChannelAct.Fail(ChannelOutcome.Busy));
        rig.AddPeer().Otherwise = ChannelAct.Slow(100_000);
        rig.EndSearch();

        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.Equal(rig.Bytes, bytes);
        Assert.True(mirror.Reads.Count > 1);
    }
}
