using System.ComponentModel.DataAnnotations;
using AptP2P.Source.Peers.Configuration;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Configuration;

public sealed class UploadHoursTests
{
    [Theory]
    [InlineData("22:00-06:00 10MB", "22:00-06:00", 10_000_000)]
    [InlineData("12:00-13:30  64KiB/s", "12:00-13:30", 65_536)]
    [InlineData("00:00-24:00 0", null, 0)] // all day is UploadLimit itself
    [InlineData("18:00-24:00 0", "18:00-00:00", 0)]
    [InlineData("22:00-22:00 1", null, 0)]
    [InlineData("25:00-06:00 1", null, 0)]
    [InlineData("22-06 1", null, 0)]
    [InlineData("22:00 1", null, 0)]
    [InlineData("22:00-06:00", null, 0)]
    [InlineData("22:00-06:00 fast", null, 0)]
    [InlineData("", null, 0)]
    public void TryParse_Text_TimesAndALimit(string text, string? hours, long limit)
    {
        Assert.Equal(hours is not null, UploadHours.TryParse(text, null, out var parsed));
        Assert.Equal(hours is null ? null : $"{hours} {new ByteSize(limit)}", parsed?.ToString());
        Assert.True(hours is null || UploadHours.Parse(parsed!.ToString(), null) == parsed);
    }

    [Theory]
    [InlineData("22:00", true)]
    [InlineData("23:59", true)]
    [InlineData("00:00", true)]
    [InlineData("05:59", true)]
    [InlineData("06:00", false)]
    [InlineData("21:59", false)]
    public void Contains_OverMidnight_FromTheFirstToBeforeTheLast(string time, bool contains) =>
        Assert.Equal(contains, UploadHours.Parse("22:00-06:00 1", null).Contains(TimeOnly.Parse(time, null)));

    [Theory]
    [InlineData("22:00-06:00 1", "06:00-22:00 2", null)]
    [InlineData("22:00-06:00 1", "05:00-07:00 2", "22:00-06:00 1 and 05:00-07:00 2 overlap; one time has one limit")]
    [InlineData("08:00-18:00 1", "10:00-11:00 2", "08:00-18:00 1 and 10:00-11:00 2 overlap; one time has one limit")]
    public void Schedule_Overlapping_IsAMistake(string one, string other, string? problem)
    {
        var options = new PeersOptions { UploadSchedule = [UploadHours.Parse(one, null), UploadHours.Parse(other, null)] };

        Assert.Equal(problem, options.Validate(new ValidationContext(options)).SingleOrDefault()?.ErrorMessage);
    }
}
