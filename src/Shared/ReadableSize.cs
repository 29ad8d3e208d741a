using System.Globalization;

namespace AptP2P.Shared;

/// <summary>A number of bytes as apt prints it: decimal units, two digits where it has few.</summary>
internal static class ReadableSize
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    public static string Of(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 999.5 && unit < Units.Length - 1; unit++)
        {
            value /= 1_000;
        }

        return value.ToString(unit > 0 && value < 9.95 ? "0.0 " : "0 ", CultureInfo.InvariantCulture) + Units[unit];
    }
}
