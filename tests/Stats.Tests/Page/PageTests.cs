using System.Net;
using System.Text.RegularExpressions;
using AptP2P.Stats.Page;
using AptP2P.Stats.Tests.Sections;
using Xunit;

namespace AptP2P.Stats.Tests.Page;

/// <summary>The page as bytes.</summary>
public sealed class PageTests
{
    private const string Attack = "<script>alert(1)</script>\"'&";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_HostileTextEverywhere_IsEncoded()
    {
        var demo = new DemoStatus { Words = Attack, Problems = [new(Attack, Attack, ProblemSeverity.Error, Attack)] };

        var page = await GetAsync(
        [
            .. demo.Sections,
            new FakeSection(
                Attack,
                new StatusValue(Attack, Attack, Attack),
                new StatusTable(Attack, Attack, [new StatusColumn(Attack, Attack)], [[Attack]])) { Title = Attack },
        ]);

        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\"'", page[..page.LastIndexOf("<script>", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.True(Regex.Count(WebUtility.HtmlDecode(page), Regex.Escape(Attack)) > 10);
    }

    [Fact]
    public async Task Get_Always_NamesNothingElsewhereAndIsSmall()
    {
        var page = await GetAsync(new DemoStatus().Sections);

        Assert.DoesNotMatch("https?://|url\\([^#]|@import", page);
        Assert.InRange(page.Length, 1, 50_000);
    }

    [Fact]
    public async Task Get_NoSectionAtAll_SaysWhatWillBeThere()
    {
        var page = await GetAsync([]);

        Assert.Contains("Working as a plain cache.", page, StringComparison.Ordinal);
        Assert.Contains("appears here", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("world", "Sharing with the world.")]
    [InlineData("lan", "Sharing on this network only.")]
    [InlineData("alone", "Alone: no other machine found yet.")]
    [InlineData("off", "Working as a plain cache.")]
    public async Task Get_NetworkSaysWhereItIs_VerdictSaysWhatThatMeans(string network, string sentence) =>
        Assert.Contains(sentence, await GetAsync(new DemoStatus { Verdict = network }.Sections), StringComparison.Ordinal);

    [Fact]
    public async Task Get_SpanThatIsNone_IsTheHour()
    {
        await using var server = await StatusServer.StartAsync(new DemoStatus().Sections);

        var page = await server.Client.GetStringAsync("/?span=%3Cscript%3E", Cancelled);

        Assert.Contains("data-span=\"hour\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetHelp_ProblemThatIsShown_HasAParagraphThatThePageLinksTo()
    {
        var demo = new DemoStatus
        {
            Problems =
            [
                new("pluginLeftOutSourceMirror", "It is left out", ProblemSeverity.Error, "Mend it"),
                new("ofAnother", "Unheard of", ProblemSeverity.Notice, "Nothing"),
            ],
        };
        await using var server = await StatusServer.StartAsync(demo.Sections);

        var page = await server.Client.GetStringAsync("/", Cancelled);
        var help = await server.Client.GetStringAsync("/p2p/help", Cancelled);

        var link = Assert.Single(Regex.Matches(page, "href=\"/p2p/help#([^\"]+)\""));
        Assert.Contains($"<h2 id=\"{link.Groups[1].Value}\">", help, StringComparison.Ordinal);
    }

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

    private static async Task<string> GetAsync(params IStatusSection[] sections)
    {
        await using var server = await StatusServer.StartAsync(sections);
        return await server.Client.GetStringAsync("/", Cancelled);
    }
}
