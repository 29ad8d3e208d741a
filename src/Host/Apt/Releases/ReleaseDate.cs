using System.Globalization;
using System.Text;

namespace AptP2P.Host.Apt.Releases;

/// <summary>
/// The Date of a Release: as RFC 5322 has it, in UTC, with one digit or two for day and hour (<c>Fri, 20 Nov 2026  2:27:59 UTC</c>).
/// </summary>
internal static class ReleaseDate
{
    private static readonly string[] Utc = ["UTC", "GMT", "Z"];

    /// <summary>Clocks may well differ by less.</summary>
    private static readonly TimeSpan MaxAhead = TimeSpan.FromDays(1);

    /// <returns><see langword="null"/> when it is none: then nobody can tell what is newer.</returns>
    public static DateTimeOffset? TryParse(ReadOnlySpan<byte> value)
    {
        var text = Encoding.UTF8.GetString(value).Trim();
        text = text[(text.IndexOf(',', StringComparison.Ordinal) + 1)..]; // the day of the week says nothing
        if (Utc.FirstOrDefault(zone => text.EndsWith(zone, StringComparison.Ordinal)) is { } zone)
        {
            text = text[..^zone.Length] + "+00:00";
        }

        const DateTimeStyles Styles = DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParseExact(text, "d MMM yyyy H:m:s zzz", CultureInfo.InvariantCulture, Styles, out var date) ? date : null;
    }

    /// <summary>
    /// Whether a Release is from so far in the future that its date cannot count: apt refuses it, and one forged would be the newest for as
    /// long.
    /// </summary>
    public static bool IsTooFarAhead(DateTimeOffset date, DateTimeOffset now) => date > now + MaxAhead;
}
