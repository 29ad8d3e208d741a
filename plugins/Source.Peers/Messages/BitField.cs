using System.Collections.Immutable;

namespace AptP2P.Source.Peers.Messages;

/// <summary>One bit for each of a number of things, the first the highest of the first byte (as in BEP 3); spare bits are zero.</summary>
internal static class BitField
{
    public static int LengthFor(int count) => (count + 7) / 8;

    public static byte[] Of(int count, Func<int, bool> has)
    {
        var field = new byte[LengthFor(count)];
        for (var i = 0; i < count; i++)
        {
            if (has(i))
            {
                Set(field, i);
            }
        }

        return field;
    }

    /// <summary>The bits one by one; there are enough of them, or this throws.</summary>
    public static ImmutableArray<bool> ToFlags(ReadOnlySpan<byte> field, int count)
    {
        var flags = ImmutableArray.CreateBuilder<bool>(count);
        for (var i = 0; i < count; i++)
        {
            flags.Add(Has(field, i));
        }

        return flags.MoveToImmutable();
    }

    public static void Set(Span<byte> field, int index) => field[index / 8] |= (byte)(0x80 >> (index % 8));

    public static bool Has(ReadOnlySpan<byte> field, int index) => (field[index / 8] & (0x80 >> (index % 8))) != 0;
}
