using AptP2P.Host.Traffic;
using Xunit;

namespace AptP2P.Host.Tests.Traffic;

public sealed class LocalDayTests
{
    [Theory]
    [InlineData("2026-03-10T00:30:00Z", 2, "2026-03-09T22:00:00Z")] // summer time has begun at two
    [InlineData("2026-03-08T21:59:00Z", 2, "2026-03-07T23:00:00Z")] // the day of 23 hours
    [InlineData("2026-11-01T22:59:00Z", 2, "2026-10-31T22:00:00Z")] // the day of 25 hours
    [InlineData("2026-11-01T23:00:00Z", 2, "2026-11-01T23:00:00Z")]
    [InlineData("2026-03-08T10:00:00Z", 0, "2026-03-07T23:00:00Z")] // there is no midnight: the day begins at one
    [InlineData("2026-11-01T10:00:00Z", 1, "2026-10-31T22:00:00Z")] // midnight comes twice: the day begins at the first
    public void BeginOf_ADay_IsWhenItsFirstHourBegan(string moment, int hour, string expected) =>
        Assert.Equal(
            DateTimeOffset.Parse(expected, provider: null), LocalDay.BeginOf(DateTimeOffset.Parse(moment, provider: null), Zone(hour)));

    /// <summary>An hour before Greenwich; summer time from 8 March to 1 November, at this hour.</summary>
    private static TimeZoneInfo Zone(int hour)
    {
        var at = new DateTime(1, 1, 1, hour, 0, 0);
        var rule = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
            new DateTime(2026, 1, 1), new DateTime(2026, 12, 31), TimeSpan.FromHours(1),
            TimeZoneInfo.TransitionTime.CreateFixedDateRule(at, 3, 8), TimeZoneInfo.TransitionTime.CreateFixedDateRule(at, 11, 1));
        return TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(1), "test", "test", "summer", [rule]);
    }
}
