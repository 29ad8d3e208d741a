using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AptP2P.Source.Peers.Configuration;

/// <summary>
/// A time of day with an upload limit of its own, as an operator writes it: <c>22:00-06:00 10MB</c>. It may go over midnight.
/// </summary>
/// <param name="From">From here on, in local time.</param>
/// <param name="To">Up to here.</param>
/// <param name="Limit">Bytes per second; 0 is no limit.</param>
[DisplayName("hours with a limit")]
public sealed record UploadHours(TimeOnly From, TimeOnly To, ByteSize Limit) : IParsable<UploadHours>
{
    private const string Forms = "write 22:00-06:00 10MB (bytes per second; 0 for no limit)";

    /// <summary>Whether a time of day is in it.</summary>
    public bool Contains(TimeOnly time) => time.IsBetween(From, To);

    /// <summary>Whether there is a time of day in both.</summary>
    public bool Overlaps(UploadHours other) => Contains(other.From) || other.Contains(From);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From:HH:mm}-{To:HH:mm} {Limit}");

    public static UploadHours Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var hours) ? hours : throw new FormatException($"'{s}' is not a time of day with a limit; {Forms}");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out UploadHours result)
    {
        result = null;
        if (s?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var hours, var limit]
            || hours.Split('-') is not [var from, var to])
        {
            return false;
        }

        var perSecond = limit.EndsWith("/s", StringComparison.Ordinal) ? limit[..^2] : limit;
        if (!TryParseTime(from, out var begin)
            || !TryParseTime(to, out var end)
            || begin == end
            || !ByteSize.TryParse(perSecond, provider, out var size))
        {
            return false;
        }

        result = new UploadHours(begin, end, size);
        return true;
    }

    private static bool TryParseTime(string text, out TimeOnly time)
    {
        time = default;
        return text == "24:00" || TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }
}
