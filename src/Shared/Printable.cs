using System.Globalization;
using System.Text;

namespace AptP2P.Shared;

/// <summary>
/// Text of strangers (paths, reasons, names of programs) for people to read: no line of its own in a log, no colour or command to a
/// terminal, nothing written from right to left so that it looks like something else.
/// </summary>
internal static class Printable
{
    /// <summary>
    /// The text, with U+FFFD in the place of each control (C0, C1), format (bidirectional ones, zero-width ones) and separator character,
    /// and of half a pair.
    /// </summary>
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text; // nearly always
        }

        var printable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) // gives U+FFFD for half a pair
        {
            printable.Append(IsPrintable(rune) ? rune.ToString() : Rune.ReplacementChar.ToString());
        }

        return printable.ToString();
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);
}
