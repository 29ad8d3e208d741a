using System.Globalization;

namespace AptP2P.Stats.Page;

/// <summary>Values as people like to read them.</summary>
internal static class Figure
{
    public static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private static readonly string[] Prefixes = ["", "k", "M", "G", "T", "P"];

    public static string Of(object? value, StatusUnit unit) =>
        value switch
        {
            null => "\u2013",
            bool truth => truth ? "yes" : "no",
            DateTimeOffset moment => moment.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture),
            string text => text,
            IConvertible number when number.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal => OfNumber(
                number.ToDouble(CultureInfo.InvariantCulture), unit),
            _ => value.ToString() ?? "",
        };

    /// <summary>So many of something: <c>1 peer</c>, <c>4 peers</c>.</summary>
    public static string Count(double number, string what) => $"{OfNumber(number, StatusUnit.None)} {what}{(number == 1 ? "" : "s")}";

    /// <summary>A moment in the time zone that it has: how long ago, where that says more than the clock does.</summary>
    public static string Time(DateTimeOffset local, DateTimeOffset now)
    {
        var here = now.ToOffset(local.Offset);
        return
            local.Date == here.Date ? local.ToString("HH:mm", Culture)
            : (here - local).Duration() < TimeSpan.FromDays(2) ? local.ToString("ddd HH:mm", Culture)
            : local.ToString("yyyy-MM-dd", Culture);
    }

    private static string OfNumber(double number, StatusUnit unit) => !double.IsFinite(number) ? "\u2013" : unit switch
    {
        StatusUnit.Bytes => Bytes(number),
        StatusUnit.BytesPerSecond => Bytes(number) + "/s",
        StatusUnit.Seconds => Seconds(number),
        StatusUnit.Ratio => (number * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %",
        _ => number.ToString(Math.Abs(number) < 1_000 ? "0.###" : "N0", CultureInfo.InvariantCulture),
    };

    /// <summary>Powers of 1,000, as apt writes them.</summary>
    private static string Bytes(double number)
    {
        var prefix = 0;
        for (; Math.Abs(number) >= 999.5 && prefix < Prefixes.Length - 1; prefix++)
        {
            number /= 1_000;
        }

        return number.ToString(prefix > 0 && Math.Abs(number) < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture) + $" {Prefixes[prefix]}B";
    }

    private static string Seconds(double number)
    {
        if (Math.Abs(number) < 1)
        {
            return (number * 1_000).ToString("0.#", CultureInfo.InvariantCulture) + " ms";
        }

        if (Math.Abs(number) < 60)
        {
            return number.ToString("0.#", CultureInfo.InvariantCulture) + " s";
        }

        var whole = TimeSpan.FromSeconds(Math.Min(Math.Round(number), 1e9));
        return whole.TotalHours < 1 ? $"{whole.Minutes} min {whole.Seconds} s"
            : whole.TotalDays < 1 ? $"{whole.Hours} h {whole.Minutes} min"
            : $"{whole.Days} d {whole.Hours} h";
    }
}
