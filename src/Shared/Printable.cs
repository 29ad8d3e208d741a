using System.Globalization;
using System.Text;

namespace AptP2P.Shared;

/// <summary>
/// Text of strangers (paths, reasons, names of programs) that is safe to show. It cannot begin a line of its own in a log, send a colour or
/// a command to a terminal, or run from right to left and so look like something else.
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
