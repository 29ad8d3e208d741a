using System.Collections.Immutable;
using System.Text;
using AptP2P.Source.Peers.Messages;
using AptP2P.Testing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Messages;

public sealed class PieceListMessageTests
{
    private const int Length = 1_200_000;

    private static readonly PieceList List = TestContent.PiecesOf(TestContent.Bytes(Length));
    private static readonly FetchProgress Progress = new(Node: 0x0102030405060708, [true, false, true], [false, true, false]);
    private static readonly byte[] Message = PieceListMessage.Write(Length, List, null);

    [Fact]
    public void Write_Complete_CanonicalDictionary()
    {
        var text = Encoding.Latin1.GetString(Message);

        Assert.Equal($"d6:lengthi1200000e12:piece lengthi524288e6:pieces96:{Encoding.Latin1.GetString(List.ToBytes())}e", text);
    }

    [Fact]
    public void Write_Incomplete_SaysWhatIsThere()
    {
        var text = Encoding.Latin1.GetString(PieceListMessage.Write(Length, List, Progress));

        Assert.StartsWith("d7:getting1:\u00404:have1:\u00a06:length", text, StringComparison.Ordinal); // 010 and 101, and five spare bits
    }

    [Fact]
    public void TryRead_Incomplete_SaysWhatIsThere()
    {
        Assert.True(PieceListMessage.TryRead(PieceListMessage.Write(Length, List, Progress), Length, out var list, out var progress));

        Assert.Equal(List.Digest, list!.Digest);
        Assert.Equal((Progress.Node, 3, 3), (progress!.Node, progress.Has.Length, progress.Gets.Length));
        Assert.Equal(Progress.Has, progress.Has);
        Assert.Equal(Progress.Gets, progress.Gets);
    }

    [Fact]
    public void TryRead_NobodyKnowsTheListYet_ProgressAlone()
    {
        Assert.True(PieceListMessage.TryRead(PieceListMessage.Write(Length, null, Progress), Length, out var list, out var progress));

        Assert.Null(list);
        Assert.Equal(Progress.Has, progress!.Has);
    }

    [Fact]
    public void TryRead_NeitherListNorProgress_False() =>
        Assert.False(PieceListMessage.TryRead(PieceListMessage.Write(Length, null, null), Length, out _, out _));

    [Theory]
    [InlineData("7:getting1:", "7:getting2:x")]
    [InlineData("4:node8:", "4:node9:x")]
    public void TryRead_ProgressOfAnotherLength_False(string right, string wrong)
    {
        var text = Encoding
            .Latin1.GetString(PieceListMessage.Write(Length, List, Progress))
            .Replace(right, wrong, StringComparison.Ordinal);

        Assert.False(PieceListMessage.TryRead(Encoding.Latin1.GetBytes(text), Length, out _, out _));
    }

    [Fact]
    public void TryRead_HaveOfAnotherLength_False()
    {
        var text = Encoding.Latin1.GetString(Message).Replace("d6:length", "d4:have2:xx6:length", StringComparison.Ordinal);

        Assert.False(PieceListMessage.TryRead(Encoding.Latin1.GetBytes(text), Length, out _, out _));
    }

    [Fact]
    public void TryRead_AnyContent_RoundTripWithinTheLimit() =>
        Prop.ForAll(ArbMap.Default.ArbFor<uint>(), ArbMap.Default.ArbFor<bool>(), (sample, complete) =>
            {
                var length = (long)sample * 7;
                var bytes = TestContent.Bytes(PieceList.CountFor(length) * ContentHash.Size, (int)(sample % 1000));
                var list = PieceList.TryRead(length, bytes)!;
                var flags = Enumerable.Range(0, list.Pieces.Length).Select(piece => piece % 3 == 0).ToImmutableArray();
                var message = PieceListMessage.Write(
                    length, list, complete ? null : new FetchProgress(sample, flags, flags) { Passes = flags });
                return message.Length <= PieceListMessage.MaxSize(length)
                    && PieceListMessage.TryRead(message, length, out var read, out var progress)
                    && read!.Digest == list.Digest
                    && progress is null == complete
                    && (complete || (progress!.Has.SequenceEqual(flags) && progress.Passes.SequenceEqual(flags)));
            })
            .Check(Config.QuickThrowOnFailure.WithReplay(1, 1));

    [Theory]
    [InlineData(1L << 40)]
    [InlineData(1L << 48)]
    [InlineData(long.MaxValue)]
    public void MaxSize_ALengthThatNoFileHas_IsABufferAllTheSame(long length) =>
        Assert.InRange(PieceListMessage.MaxSize(length), PieceListMessage.MaxSize(1L << 40), 10_000_000);

    [Fact]
    public void TryRead_AnotherLength_False() => Assert.False(PieceListMessage.TryRead(Message, Length + 1, out _, out _));

    [Fact]
    public void TryRead_EveryPrefix_False()
    {
        for (var length = 0; length < Message.Length; length++)
        {
            Assert.False(PieceListMessage.TryRead(Message.AsSpan(0, length), Length, out _, out _));
        }
    }

    [Fact]
    public void TryRead_AnyByteChanged_NothingOrAListOfThatLength()
    {
        var random = new Random(1);
        for (var run = 0; run < 20_000; run++)
        {
            var changed = (byte[])Message.Clone();
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            PieceListMessage.TryRead(changed, Length, out var list, out _);
            Assert.True(list is null or { Length: Length });
        }
    }

    [Fact]
    public void TryRead_RandomBencoding_NeverThrows()
    {
        var random = new Random(2);
        string[] parts =
        [
            "d", "e", "i", "l", "0", "1", "99999999999999999999", "-", ":", "6:length", "6:pieces", "12:piece length", "i1200000e",
            "i524288e", "0:",
        ];
        for (var run = 0; run < 50_000; run++)
        {
            var text = new StringBuilder("d");
            for (var i = random.Next(12); i > 0; i--)
            {
                text.Append(parts[random.Next(parts.Length)]);
            }

            // no list is long enough
            Assert.False(PieceListMessage.TryRead(Encoding.ASCII.GetBytes(text.ToString()), Length, out _, out _));
        }
    }

    [Theory]
    [InlineData("6:lengthi1200000e", "6:lengthi01200000e")] // leading zero
    [InlineData("6:lengthi1200000e", "06:lengthi1200000e")]
    [InlineData("6:lengthi1200000e", "6:lengthi-1200000e")]
    [InlineData("6:lengthi1200000e", "6:lengthi+1200000e")]
    [InlineData("6:lengthi1200000e", "6:lengthi1200000e6:lengthi1200000e")] // twice
    [InlineData("6:lengthi1200000e", "")]
    [InlineData("6:lengthi1200000e", "6:lengthli1ee")] // nothing nested
    [InlineData("12:piece lengthi524288e", "12:piece lengthi524289e")]
    [InlineData("12:piece lengthi524288e", "12:piece length6:524288")]
    [InlineData("d6:length", "d7:zzzzzzzi1e6:length")] // not sorted
    [InlineData("6:pieces96:", "6:pieces95:")]
    [InlineData("6:pieces96:", "6:pieces99999999999999:")]
    public void TryRead_NotCanonicalOrNotRight_False(string right, string wrong)
    {
        var text = Encoding.Latin1.GetString(Message);
        Assert.Contains(right, text, StringComparison.Ordinal);

        Assert.False(
            PieceListMessage.TryRead(Encoding.Latin1.GetBytes(text.Replace(right, wrong, StringComparison.Ordinal)), Length, out _, out _));
    }

    [Fact]
    public void TryRead_KeysOfLaterVersions_PassedOver()
    {
        var text = Encoding.Latin1.GetString(Message).Replace("d6:length", "d3:agei5e5:aside2:no6:length", StringComparison.Ordinal);

        Assert.True(PieceListMessage.TryRead(Encoding.Latin1.GetBytes(text), Length, out var list, out _));
        Assert.Equal(List.Digest, list!.Digest);
    }

    [Fact]
    public void TryRead_SomethingBehind_False() => Assert.False(PieceListMessage.TryRead([.. Message, (byte)'e'], Length, out _, out _));
}
