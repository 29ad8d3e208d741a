using System.Text.RegularExpressions;
using AptP2P.Stats.Page;
using AptP2P.Stats.Sections;
using Xunit;

namespace AptP2P.Stats.Tests.Page;

public sealed class StatusPageTests
{
    private const string Attack = "<script>alert(1)</script>\"'&";

    [Fact]
    public void Whole_HostileTextEverywhere_IsEncoded()
    {
        var page = StatusPage.Whole(
        [
            new SectionView(
                Attack,
                Attack,
                [
                    new StatusValue(Attack, Attack, Attack),
                    new StatusTable(Attack, Attack, [new StatusColumn(Attack, Attack)], [[Attack]]),
                ]),
        ]);

        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain(Attack[^4..], page, StringComparison.Ordinal);
        Assert.Equal(11, Regex.Count(page, "&lt;script&gt;alert\\(1\\)&lt;/script&gt;&quot;&#x27;&amp;"));
    }

    [Fact]
    public void Whole_Always_NamesNothingElsewhere() =>
        Assert.DoesNotMatch("https?://|url\\(|@import", StatusPage.Whole([new SectionView("k", "T", [new StatusValue("v", "V", 1)])]));

    [Theory]
    [InlineData(0, StatusUnit.Bytes, "0 B")]
    [InlineData(999, StatusUnit.Bytes, "999 B")]
    [InlineData(1_000, StatusUnit.Bytes, "1.0 kB")]
    [InlineData(9_960, StatusUnit.Bytes, "10 kB")]
    [InlineData(999_600, StatusUnit.Bytes, "1.0 MB")]
    [InlineData(1_234_567_890, StatusUnit.Bytes, "1.2 GB")]
    [InlineData(52_000_000, StatusUnit.BytesPerSecond, "52 MB/s")]
    [InlineData(0.0123, StatusUnit.Seconds, "12.3 ms")]
    [InlineData(12.34, StatusUnit.Seconds, "12.3 s")]
    [InlineData(61, StatusUnit.Seconds, "1 min 1 s")]
    [InlineData(7_260, StatusUnit.Seconds, "2 h 1 min")]
    [InlineData(90_000, StatusUnit.Seconds, "1 d 1 h")]
    [InlineData(double.MaxValue, StatusUnit.Seconds, "11574 d 1 h")]
    [InlineData(0.256, StatusUnit.Ratio, "25.6 %")]
    [InlineData(63_000, StatusUnit.None, "63,000")]
    [InlineData(1.5, StatusUnit.None, "1.5")]
    [InlineData(double.NaN, StatusUnit.Bytes, "\u2013")]
    public void FigureOf_Number_IsWrittenForPeople(double number, StatusUnit unit, string expected) =>
        Assert.Equal(expected, Figure.Of(number, unit));

    [Fact]
    public void FigureOf_OtherValues_AreWrittenForPeople()
    {
        Assert.Equal("\u2013", Figure.Of(null, StatusUnit.None));
        Assert.Equal("yes", Figure.Of(true, StatusUnit.None));
        Assert.Equal("2026-01-02 02:04:05 UTC", Figure.Of(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1)), StatusUnit.None));
    }
}
