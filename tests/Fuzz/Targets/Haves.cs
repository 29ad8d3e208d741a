extern alias Peers;

using System.Text;
using Peers::AptP2P.Source.Peers.Messages;
using Xunit;

namespace AptP2P.Fuzz.Targets;

/// <summary>
/// What peers say of what they have, below a line with a number of pieces: hashes asked for, the header with its bits, the name of a
/// content.
/// </summary>
internal static class Haves
{
    private const int MaxPieces = 10_000; // more than the header is written for

    public static void Check(ReadOnlySpan<byte> input)
    {
        var pieces = (int)Math.Min(MaxPieces, InputParts.TakeNumber(ref input));
        var text = Encoding.Latin1.GetString(input);
        CheckQuestion(input);
        CheckHeader(text, pieces);
        CheckName(text);
    }

    private static void CheckQuestion(ReadOnlySpan<byte> input)
    {
        var allowance = Allowance.Begin();
        var hashes = HaveMessage.TryRead(input);
        allowance.End(input.Length, each: 1, fixedCost: 64);
        if (hashes is not null)
        {
            Assert.InRange(hashes.Length, 0, HaveMessage.MaxHashes);
            Assert.True(HaveMessage.Write(hashes).AsSpan().SequenceEqual(input), "a question is not the one that was read");
        }
    }

    private static void CheckHeader(string text, int pieces)
    {
        var allowance = Allowance.Begin();
        var bits = HaveHeader.TryRead(text, pieces);
        allowance.End(text.Length + BitField.LengthFor(pieces), each: 3, fixedCost: 256);
        if (bits is not null && HaveHeader.Write(pieces, piece => BitField.Has(bits, piece)) is { } written)
        {
            var again = HaveHeader.TryRead(written, pieces);
            Assert.NotNull(again);
            Assert.True(
                BitField.ToFlags(bits, pieces).SequenceEqual(BitField.ToFlags(again, pieces)), "the bits are not those that were read");
        }
    }

    private static void CheckName(string text)
    {
        if (ContentName.TryRead(text, out var hash))
        {
            Assert.Equal(ContentName.Folder + text, ContentName.PathOf(hash)); // there is one name for each content
        }
    }
}
