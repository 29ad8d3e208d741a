using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Host.Tests.Fetching;

/// <summary>
/// What a fetch has left can always be completed, or is dropped; what is glued of two answers and wrong is never complete.
/// </summary>
public sealed class PartialTests
{
    private const int OnePiece = 400_000;
    private const int Many = 5_000_000;
    private const int AptRetries = 3;

    [Theory]
    [InlineData(OnePiece)]
    [InlineData(Many)]
    public void Fetch_BeginningLeftByAnEarlierRunIsWrong_AllIsAskedForAgainAtOnce(int length)
    {
        using var rig = new FetchRig(TestContent.Bytes(length));
        var mirror = rig.AddMirror(ChannelAct.Cut(length - 100_000) with { WrongAt = 20_000 });
        rig.EndSearch();

        Assert.NotNull(rig.Read().Failure);
        var bytes = ReadAsAptDoes(rig);

        Assert.Equal(rig.Bytes, bytes);
        Assert.True(rig.IsStored);
        Assert.Equal(3, mirror.Reads.Count);
        Assert.Equal(new ByteRange(0, length), mirror.Reads.Last());
    }

    [Theory]
    [InlineData(OnePiece)]
    [InlineData(Many)]
    public void Fetch_RestIsWrong_AllIsAskedForAgainAtOnce(int length)
    {
        using var rig = new FetchRig(TestContent.Bytes(length));
        var mirror = rig.AddMirror(ChannelAct.Cut(length - 100_000), ChannelAct.WrongByte(length - 30_000));
        rig.EndSearch();

        Assert.NotNull(rig.Read().Failure);
        Assert.Equal(rig.Bytes, ReadAsAptDoes(rig));
        Assert.Equal(3, mirror.Reads.Count);
    }

    [Theory]
    [InlineData(OnePiece)]
    [InlineData(Many)]
    public void Fetch_EveryAnswerToARangeIsWrong_NeverAWrongWhole(int length)
    {
        using var rig = new FetchRig(TestContent.Bytes(length));
        rig.AddMirror(ChannelAct.Cut(length - 100_000), ChannelAct.WrongByte(length - 30_000), ChannelAct.Cut(length - 100_000)).Otherwise =
            ChannelAct.WrongByte(length - 30_000);
        rig.EndSearch();

        for (var run = 0; run < 3; run++)
        {
            var (bytes, failure) = rig.Read();
            Assert.True(failure is not null ? bytes.Length < length : run == 2); // one whole answer is passed on as it is, and no other
            rig.WaitForEnd();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fetch_OriginGivesTheWholeForARest_ItTakesThePlaceOfTheBeginning(bool beginningWasWrong)
    {
        using var rig = new FetchRig(TestContent.Bytes(Many));
        var whole = new ChannelAct { GivesWhole = true };
        var mirror = rig.AddMirror(ChannelAct.Cut(4_000_000) with { WrongAt = beginningWasWrong ? 20_000 : null }, whole);
        rig.EndSearch();

        Assert.NotNull(rig.Read().Failure);
        var (bytes, failure) = rig.Read();

        Assert.Null(failure); // nothing of the beginning was handed out before the origin had gone on from it
        Assert.Equal(rig.Bytes, bytes);
        Assert.Equal(2, mirror.Reads.Count);
    }

    [Fact]
    public void Fetch_OriginRefusesTheRest_NothingOfTheBeginningIsHandedOut()
    {
        using var rig = new FetchRig(TestContent.Bytes(Many));
        rig.AddMirror(ChannelAct.Cut(4_000_000), ChannelAct.Fail(ChannelOutcome.Busy));
        rig.EndSearch();
        rig.Read();

        var (bytes, failure) = rig.Read();

        Assert.Equal((ChannelOutcome.Busy, 0), (failure!.AtOrigin!.Value.Outcome, bytes.Length));
        Assert.Equal(rig.Bytes, rig.Read().Bytes);
    }

    /// <summary>Begins anew when a body ends early.</summary>
    private static byte[] ReadAsAptDoes(FetchRig rig)
    {
        for (var again = 0; ; again++)
        {
            if (rig.Read() is (var bytes, null))
            {
                return bytes;
            }

            Assert.True(again < AptRetries);
        }
    }
}
