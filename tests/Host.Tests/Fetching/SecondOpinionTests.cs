using AptP2P.Host.Fetching;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Host.Tests.Fetching;

/// <summary>A mirror's file is not what its index names: whoever has the right one is asked before apt gets the wrong one.</summary>
public sealed class SecondOpinionTests
{
    private const int Small = 50_000;
    private const int OnePiece = 400_000;
    private const int Many = 5_000_000;

    [Theory]
    [InlineData(Small)]
    [InlineData(OnePiece)]
    [InlineData(Many)]
    public void Fetch_APeerIsFoundThen_TheFileIsItsOwn(int length)
    {
        using var rig = new FetchRig(TestContent.Bytes(length));
        var mirror = rig.AddMirror();
        mirror.Otherwise = ChannelAct.WrongByte(20_000);
        rig.Mirror.EndSearch(rig.Content.Hash);
        using var found = rig.Time.CreateTimer(
            _ => rig.Peers.Find(rig.Content.Hash, new InMemoryChannel("late", rig.Bytes, rig.Time) { Pieces = rig.Pieces }), null,
            TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);

        var (bytes, failure) = rig.Read();
        (bytes, failure) = failure is null ? (bytes, failure) : rig.Read(); // as apt does when a body ends early

        Assert.Null(failure);
        Assert.Equal(rig.Bytes, bytes);
        Assert.True(rig.IsStored);
        Assert.InRange(mirror.Reads.Count(range => range.Length == length), 0, 1); // it may be asked in parts while somebody may be found
    }

    [Theory]
    [InlineData(Small)]
    [InlineData(Many)]
    public void Fetch_NobodyIsFound_AptGetsItAsItIsAfterAWhile(int length)
    {
        using var rig = new FetchRig(TestContent.Bytes(length));
        var mirror = rig.AddMirror();
        mirror.Otherwise = ChannelAct.WrongByte(20_000);
        rig.Mirror.EndSearch(rig.Content.Hash);

        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.Equal(length, bytes.Length);
        Assert.NotEqual(rig.Bytes, bytes);
        Assert.InRange(mirror.Reads.Count(range => range.Length == length), 0, 1); // it may be asked in parts while somebody may be found
        Assert.InRange(rig.Time.Elapsed, new FetchOptions().SecondOpinion, new FetchOptions().SecondOpinion + TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData(Small)]
    [InlineData(Many)]
    public void Fetch_ThePeersLieToo_AptGetsTheMirrorsTheNextTime(int length)
    {
        using var rig = new FetchRig(TestContent.Bytes(length));
        var mirror = rig.AddMirror();
        mirror.Otherwise = ChannelAct.WrongByte(20_000);
        rig.AddPeer().Otherwise = ChannelAct.WrongByte(20_001);
        rig.EndSearch();

        var (bytes, failure) = rig.Read();
        for (var again = 0; failure is not null && again < 3; again++)
        {
            rig.WaitForEnd();
            (bytes, failure) = rig.Read();
        }

        Assert.Null(failure);
        Assert.Equal((length, false), (bytes.Length, rig.IsStored));
        Assert.Equal([20_000], Enumerable.Range(0, length).Where(at => bytes[at] != rig.Bytes[at])); // its own fault, and nobody else's
        Assert.InRange(mirror.Reads.Count(range => range.Length == length), 1, 2);
    }
}
