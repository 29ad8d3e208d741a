namespace AptP2P.Host.Traffic;

/// <summary>Days as people have them, some of which have 23 or 25 hours.</summary>
internal static class LocalDay
{
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15); // what clocks are set by is a multiple of it

    /// <summary>When the day began: at midnight, or later where clocks were set forward then; at the first midnight of two.</summary>
    public static DateTimeOffset BeginOf(DateTimeOffset moment, TimeZoneInfo zone)
    {
        var midnight = TimeZoneInfo.ConvertTime(moment, zone).Date;
        while (zone.IsInvalidTime(midnight))
        {
            midnight += Quarter;
        }

        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset);
    }
}
