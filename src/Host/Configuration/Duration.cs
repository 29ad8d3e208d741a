using System.Globalization;

namespace AptP2P.Host.Configuration;

/// <summary>Times as people write them: <c>250ms</c>, <c>2s</c>, <c>45min</c>, <c>1h</c>, <c>1d</c>, or <c>hh:mm:ss</c>.</summary>
internal static class Duration
{
    public const string Forms = "250ms, 2s, 45min, 1h, 1d or hh:mm:ss";

    private static readonly (string Suffix, TimeSpan Unit)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("min", TimeSpan.FromMinutes(1)), // before those that they end with
        ("s", TimeSpan.FromSeconds(1)), ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1)),
    ];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        foreach (var (suffix, unit) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal))
            {
                var valid =
                    double.TryParse(
                        text.AsSpan()[..^suffix.Length].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                        out var number)
                    && number <= TimeSpan.MaxValue / unit / 2; // half, so that rounding cannot overflow
                duration = valid ? number * unit : default;
                return valid;
            }
        }

        duration = default; // a bare number would be days to TimeSpan, which nobody means
        return text == "0"
            || (text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration) && duration >= TimeSpan.Zero);
    }

    /// <summary>The shortest form that says exactly the same.</summary>
    public static string Format(TimeSpan duration)
    {
        foreach (var (suffix, unit) in Units.OrderByDescending(unit => unit.Unit))
        {
            if (duration.Ticks != 0 && duration.Ticks % unit.Ticks == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / unit.Ticks}{suffix}");
            }
        }

        return duration == TimeSpan.Zero ? "0" : duration.ToString("c", CultureInfo.InvariantCulture);
    }
}
