using AptP2P.Testing.InMemory;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Fetching;

/// <summary>
/// Channels that fail in every way: what apt gets is right, or ends early where it must start over; it is never wrong and complete.
/// </summary>
public sealed class FaultTests
{
    private const int Small = 50_000; // the mirror at once
    private const int OnePiece = 400_000; // no piece list
    private const int Many = 5_000_000; // ten pieces

    /// <summary>What one channel does wrong, with its name in the table.</summary>
    private static readonly Dictionary<string, ChannelAct[]> Faults = new()
    {
        ["right"] = [],
        ["cut at once"] = [ChannelAct.Cut(0)],
        ["cut in the middle"] = [ChannelAct.Cut(30_000)],
        ["cut three times"] = [ChannelAct.Cut(10_000), ChannelAct.Cut(0), ChannelAct.Cut(10_000)],
        ["gone"] = [ChannelAct.Fail(ChannelOutcome.Gone)],
        ["busy once"] = [ChannelAct.Fail(ChannelOutcome.Busy, TimeSpan.FromSeconds(1))],
        ["refused"] = [ChannelAct.Fail(ChannelOutcome.Refused)],
        ["timeout"] = [ChannelAct.Fail(ChannelOutcome.Timeout)],
        ["no HTTP"] = [ChannelAct.Fail(ChannelOutcome.Protocol)],
        ["silent from the start"] = [ChannelAct.Stall(0)],
        ["silent in the middle"] = [ChannelAct.Stall(30_000)],
        ["trickle"] = [ChannelAct.Slow(1_000)],
        ["wrong byte"] = [ChannelAct.WrongByte(20_000), ChannelAct.WrongByte(20_000), ChannelAct.WrongByte(20_000)],
        ["complete without a byte"] = [new ChannelAct { EndAfter = 0 }],
    };

    public static TheoryData<string, int, int> Cases => Rows(Faults.Keys);

    /// <summary>What a mirror sends is what apt would get without us: see Fetch_MirrorSendsOtherBytes_AptGetsThemAsTheyAre.</summary>
    public static TheoryData<string, int, int> MirrorCases => Rows(Faults.Keys.Where(fault => fault != "wrong byte"));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fetch_OnePeerFails_AptGetsTheRightFile(string fault, int length, int peers)
    {
        using var rig = new FetchRig(TestContent.Bytes(length));
        rig.AddMirror();
        rig.AddPeer(Faults[fault]);
        for (var i = 1; i < peers; i++)
        {
            rig.AddPeer();
        }

        rig.EndSearch();

        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.Equal(rig.Bytes, bytes);
        Assert.True(rig.IsStored);
    }

    [Theory]
    [MemberData(nameof(MirrorCases))]
    public void Fetch_MirrorFails_PeersCarryIt(string fault, int length, int peers)
    {
        using var rig = new FetchRig(TestContent.Bytes(length));
        var act = Faults[fault].LastOrDefault() ?? ChannelAct.Right;
        var mirror = rig.AddMirror(Faults[fault]);
        mirror.Otherwise = act;
        for (var i = 0; i < peers; i++)
        {
            rig.AddPeer();
        }

        rig.EndSearch();

        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.Equal(rig.Bytes, bytes);
    }

    [Theory]
    [InlineData(Small)]
    [InlineData(OnePiece)]
    [InlineData(Many)]
    public void Fetch_MirrorSendsOtherBytes_AptGetsThemAsTheyAre(int length)
    {
        using var rig = new FetchRig(TestContent.Bytes(length));
        rig.AddMirror().Otherwise = ChannelAct.WrongByte(20_000);
        rig.EndSearch();

        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.NotEqual(rig.Bytes, bytes);
        Assert.Equal(length, bytes.Length);
        Assert.False(rig.IsStored);
    }

    [Theory]
    [InlineData(OnePiece)]
    [InlineData(Many)]
    public void Fetch_APeerSendsWrongBytes_ItIsBlamedAndNobodyElse(int length)
    {
        using var rig = new FetchRig(TestContent.Bytes(length));
        var mirror = rig.AddMirror();
        var honest = rig.AddPeer();
        var liar = rig.AddPeer();
        liar.Otherwise = ChannelAct.Right with { WrongAt = length - 1 };
        honest.Otherwise = ChannelAct.Slow(1_000); // so that the last byte is the liar's or the mirror's
        rig.EndSearch();

        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.Equal(rig.Bytes, bytes);
        Assert.Empty(honest.Blames);
        Assert.Empty(mirror.Blames);
        Assert.Single(liar.Blames);
    }

    [Fact]
    public void Fetch_PeersAgreeOnAFalseList_TheMirrorSettlesIt()
    {
        var bytes = TestContent.Bytes(Many);
        var other = bytes.ToArray();
        other[20_000] ^= 1;
        other[Many - 1] ^= 1;
        using var rig = new FetchRig(bytes);
        rig.AddMirror();
        var liars = Enumerable
            .Range(0, 3)
            .Select(i => new InMemoryChannel($"liar{i}", other, rig.Time) { Pieces = TestContent.PiecesOf(other) })
            .ToArray();
        rig.Peers.Add(rig.Content.Hash, liars);
        rig.EndSearch();

        var (first, failure) = rig.Read();
        var (second, again) = rig.Read(); // as apt does after a second

        Assert.NotNull(failure);
        Assert.InRange(first.Length, 0, Many - 1);
        Assert.Null(again);
        Assert.Equal(bytes, second);
        Assert.All(liars, liar => Assert.Single(liar.Blames));
    }

    [Fact]
    public void Fetch_OnlyLiarsAndNoMirror_NeverAWrongFile()
    {
        using var rig = new FetchRig(TestContent.Bytes(OnePiece), hasOrigin: false);
        rig.AddPeer().Otherwise = ChannelAct.WrongByte(5);
        rig.EndSearch();

        var (bytes, failure) = rig.Read();

        Assert.NotNull(failure);
        Assert.True(bytes.Length < OnePiece);
        Assert.False(rig.IsStored);
    }

    private static TheoryData<string, int, int> Rows(IEnumerable<string> faults)
    {
        var cases = new TheoryData<string, int, int>();
        foreach (var fault in faults)
        {
            foreach (var length in new[] { Small, OnePiece, Many })
            {
                foreach (var peers in new[] { 1, 3 })
                {
                    cases.Add(fault, length, peers);
                }
            }
        }

        return cases;
    }
}
