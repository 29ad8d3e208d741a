using System.Buffers.Text;

namespace AptP2P.Fuzz;

/// <summary>The first line of an input, where a door needs more than bytes. It is text, so that a corpus can be read.</summary>
internal static class InputParts
{
    /// <summary>Takes the line away; without a line end there is none.</summary>
    public static ReadOnlySpan<byte> TakeLine(scoped ref ReadOnlySpan<byte> input)
    {
        var end = input.IndexOf((byte)'\n');
        var line = end < 0 ? default : input[..end];
        input = input[(end + 1)..];
        return line;
    }

    /// <summary>Takes away a number that is not negative: 0 where there is none.</summary>
    public static long TakeNumber(scoped ref ReadOnlySpan<byte> input) =>
        Utf8Parser.TryParse(TakeLine(ref input), out long number, out _) ? Math.Max(0, number) : 0;

    /// <summary>Takes away where the rest is to be cut.</summary>
    public static Cuts TakeCuts(scoped ref ReadOnlySpan<byte> input) => new(TakeLine(ref input));
}

/// <summary>
/// Cuts a text into pieces. Each byte says with its five lowest bits how long the next one is: <c>A</c> for 1, <c>Z</c> for 26; <c>@</c>
/// and what there are no bytes for take all the rest.
/// </summary>
internal ref struct Cuts(ReadOnlySpan<byte> lengths)
{
    private ReadOnlySpan<byte> _lengths = lengths;

    public ReadOnlySpan<byte> TakePiece(scoped ref ReadOnlySpan<byte> rest)
    {
        var length = _lengths.IsEmpty || (_lengths[0] & 0x1f) == 0 ? rest.Length : Math.Min(_lengths[0] & 0x1f, rest.Length);
        _lengths = _lengths.IsEmpty ? default : _lengths[1..];
        var piece = rest[..length];
        rest = rest[length..];
        return piece;
    }
}
