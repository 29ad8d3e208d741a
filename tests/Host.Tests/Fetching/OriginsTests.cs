using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Host.Tests.Fetching;

/// <summary>
/// An archive at several hosts: the first alone while it is good, and whatever it does wrong, apt gets the file from the others.
/// </summary>
public sealed class OriginsTests
{
    private const int Small = 50_000; // one block
    private const int OnePiece = 400_000; // no piece list
    private const int Many = 5_000_000; // ten pieces

    /// <summary>What an origin does wrong, what of it apt gets from it all the same, and when it is left.</summary>
    private static readonly Dictionary<string, (ChannelAct Act, int Useful, double Seconds)> Faults = new()
    {
        ["cut at once"] = (ChannelAct.Cut(0), 0, 1.2),
        ["cut in the middle, then dead"] = (ChannelAct.Fail(ChannelOutcome.Timeout), 20_000, 1.2),
        ["gone"] = (ChannelAct.Fail(ChannelOutcome.Gone), 0, 0),
        ["busy"] = (ChannelAct.Fail(ChannelOutcome.Busy, TimeSpan.FromSeconds(1)), 0, 2),
        ["refused"] = (ChannelAct.Fail(ChannelOutcome.Refused), 0, 0),
        ["no HTTP"] = (ChannelAct.Fail(ChannelOutcome.Protocol), 0, 0),
        ["silent from the start"] = (ChannelAct.Stall(0), 0, 2),
        ["silent in the middle"] = (ChannelAct.Stall(20_000), 20_000, 2),
        ["trickle"] = (ChannelAct.Slow(5_000), 0, 2),
        ["another file"] = (ChannelAct.WrongByte(20_000), 0, 0),
    };

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var fault in Faults.Keys)
            {
                foreach (var length in new[] { Small, OnePiece, Many })
                {
                    cases.Add(fault, length);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fetch_TheFirstFails_TheNextGivesTheRightFile(string fault, int length)
    {
        var (act, useful, seconds) = Faults[fault];
        using var rig = new FetchRig(TestContent.Bytes(length));
        rig.AddMirror(fault == "cut in the middle, then dead" ? [ChannelAct.Cut(20_000)] : []).Otherwise = act;
        var second = rig.AddMirror("second");
        rig.EndSearch();

        var (bytes, failure) = rig.Read();
        if (fault == "another file")
        {
            Assert.NotNull(failure); // apt has wrong bytes by then, and asks again
            (bytes, failure) = rig.Read();
        }

        Assert.Null(failure);
        Assert.Equal(rig.Bytes, bytes);
        Assert.True(rig.IsStored);
        useful *= fault == "silent in the middle" && length > Small ? 2 : 1; // where there are more blocks, it begins a second one
        Assert.Equal((length - useful, TimeSpan.FromSeconds(seconds)), (second.BytesRead, rig.Time.Elapsed));
    }

    [Theory]
    [InlineData(Small)]
    [InlineData(Many)]
    public void Fetch_TheFirstIsGood_TheOthersAreNotAsked(int length)
    {
        using var rig = new FetchRig(TestContent.Bytes(length));
        rig.AddMirror().Otherwise = ChannelAct.Slow(200_000); // above the minimum rate
        var second = rig.AddMirror("second");
        rig.EndSearch();

        Assert.Equal(rig.Bytes, rig.Read().Bytes);
        Assert.Empty(second.Reads);
    }

    [Fact]
    public void Fetch_AllButTheLastAreDead_TheLastGivesIt()
    {
        using var rig = new FetchRig(TestContent.Bytes(Many));
        rig.AddMirror().Otherwise = ChannelAct.Fail(ChannelOutcome.Refused);
        rig.AddMirror("second").Otherwise = ChannelAct.Stall(0);
        rig.AddMirror("third").Otherwise = ChannelAct.Fail(ChannelOutcome.Gone);
        rig.AddMirror("fourth");
        rig.EndSearch();

        Assert.Equal(rig.Bytes, rig.Read().Bytes);
    }

    [Fact]
    public void Fetch_TwoOfThreeGiveAnotherFile_TheThirdIsBelieved()
    {
        using var rig = new FetchRig(TestContent.Bytes(OnePiece));
        rig.AddMirror().Otherwise = ChannelAct.WrongByte(0);
        rig.AddMirror("second").Otherwise = ChannelAct.WrongByte(OnePiece - 1);
        rig.AddMirror("third");
        rig.EndSearch();

        rig.Read();
        rig.Read();

        Assert.Equal(rig.Bytes, rig.Read().Bytes); // apt tries three times and more
        Assert.True(rig.IsStored);
    }

    [Fact]
    public void Fetch_AllGiveAnotherFile_AptGetsItAsItIs()
    {
        using var rig = new FetchRig(TestContent.Bytes(OnePiece));
        rig.AddMirror().Otherwise = ChannelAct.WrongByte(OnePiece - 1);
        rig.AddMirror("second").Otherwise = ChannelAct.WrongByte(OnePiece - 1);
        rig.EndSearch();

        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.Equal(OnePiece, bytes.Length);
        Assert.NotEqual(rig.Bytes, bytes);
        Assert.False(rig.IsStored);
    }

    [Theory]
    [InlineData(OnePiece)]
    [InlineData(Many)]
    public void Fetch_OnlyMirrorsHadAPartInWhatWasWrong_PeersAreBelievedAfterwards(int length)
    {
        using var rig = new FetchRig(TestContent.Bytes(length));
        var first = rig.AddMirror();
        first.Otherwise = ChannelAct.WrongByte(0);
        var second = rig.AddMirror("second");
        second.Otherwise = ChannelAct.WrongByte(length - 1);
        rig.EndSearch();
        rig.Read();
        rig.WaitForEnd();
        var ofMirrors = first.BytesRead + second.BytesRead;
        var peers = Enumerable.Range(0, 3).Select(_ => rig.AddPeer()).ToArray();

        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.Equal(rig.Bytes, bytes);
        Assert.Equal(length, peers.Sum(peer => peer.BytesRead));
        Assert.Equal(ofMirrors, first.BytesRead + second.BytesRead);
    }

    [Theory]
    [InlineData(OnePiece)]
    [InlineData(Many)]
    public void Fetch_PeersHadAPartInWhatWasWrong_TheMirrorAloneIsBelievedAfterwards(int length)
    {
        using var rig = new FetchRig(TestContent.Bytes(length));
        rig.AddMirror().Otherwise = ChannelAct.WrongByte(length - 1);
        var other = TestContent.Bytes(length, seed: 2);
        var pieces = length > OnePiece ? TestContent.PiecesOf(other) : null;
        var liars = Enumerable.Range(0, 3).Select(i => new InMemoryChannel($"liar{i}", other, rig.Time) { Pieces = pieces }).ToArray();
        rig.Peers.Add(rig.Content.Hash, liars);
        rig.EndSearch();
        rig.Read();
        rig.WaitForEnd();
        var ofLiars = liars.Sum(liar => liar.BytesRead);

        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.Equal(length, bytes.Length); // the mirror's own
        Assert.InRange(ofLiars, 1, length);
        Assert.Equal(ofLiars, liars.Sum(liar => liar.BytesRead));
    }

    [Fact]
    public void Fetch_AfterTrouble_TheNextFileComesFromTheOtherAtOnce()
    {
        using var rig = new FetchRig(TestContent.Bytes(Many));
        var first = rig.AddMirror(ChannelAct.Stall(0));
        rig.AddMirror("second");
        rig.EndSearch();
        rig.Read();

        Assert.True(rig.Memory.IsTroubled(first.Name));
        Assert.False(rig.Memory.IsTroubled("second"));
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(rig.Memory.IsTroubled(first.Name));
    }

    [Fact]
    public void Fetch_TheFirstWasInTrouble_TheSecondIsAskedFirst()
    {
        using var rig = new FetchRig(TestContent.Bytes(Many));
        var first = rig.AddMirror();
        rig.AddMirror("second");
        rig.EndSearch();
        rig.Memory.WasInTrouble(first.Name);

        Assert.Equal(rig.Bytes, rig.Read().Bytes);
        Assert.Empty(first.Reads);
    }

    [Fact]
    public void Fetch_SmallFileAndATricklingMirror_PeersAreSearchedAndUsed()
    {
        using var rig = new FetchRig(TestContent.Bytes(Small));
        rig.AddMirror().Otherwise = ChannelAct.Slow(5_000);
        var peer = new InMemoryChannel("peer", rig.Bytes, rig.Time);
        rig.Peers.Find(rig.Content.Hash, peer); // by a search only
        rig.EndSearch();

        Assert.Equal(rig.Bytes, rig.Read().Bytes);
        Assert.NotEmpty(peer.Reads);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Fetch_AnyFaultsOfAllOriginsButOne_AptGetsTheRightFileInItsTries(int seed)
    {
        const int Tries = 4; // apt's first, and its three others
        var random = new Random(seed);
        var contents = new[] { 1, 30_000, OnePiece, 2_000_000 }.Select(length => TestContent.Bytes(length)).ToArray();
        for (var run = 0; run < 300; run++)
        {
            using var rig = new FetchRig(contents[random.Next(contents.Length)]);
            var good = random.Next(3);
            for (var i = 0; i < 3; i++)
            {
                var mirror = rig.AddMirror(
                    $"mirror{i}", i == good ? [] : [.. Enumerable.Range(0, random.Next(3)).Select(_ => Fault(random, rig.Bytes.Length))]);
                mirror.Otherwise = i == good ? ChannelAct.Right : Fault(random, rig.Bytes.Length);
            }

            for (var peers = random.Next(3); peers > 0; peers--)
            {
                rig.AddPeer().Otherwise = Fault(random, rig.Bytes.Length);
            }

            rig.EndSearch();
            var (bytes, failure) = rig.Read();
            for (var tried = 1; tried < Tries && failure is not null; tried++)
            {
                (bytes, failure) = rig.Read();
            }

            Assert.True(failure is null, $"seed {seed} run {run}: {failure}");
            Assert.True(rig.Bytes.AsSpan().SequenceEqual(bytes), $"seed {seed} run {run}: wrong bytes");
        }
    }

    private static ChannelAct Fault(Random random, int length) => Faults.Values.ElementAt(random.Next(Faults.Count)).Act switch
    {
        { StallAfter: not null } => ChannelAct.Stall(random.Next(length + 1)),
        { WrongAt: not null } => ChannelAct.WrongByte(random.Next(length)),
        { EndAfter: not null, Outcome: ChannelOutcome.Cut } => ChannelAct.Cut(random.Next(length + 1)),
        var other => other,
    };
}
