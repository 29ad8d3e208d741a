using System.Text.RegularExpressions;
using AptP2P.Stats.Tests.Sections;
using Microsoft.Playwright;
using Xunit;

namespace AptP2P.Stats.Tests.Page;

/// <summary>The page in a real browser. Pictures of it go to the artifacts folder, for people to look at.</summary>
public sealed class BrowserTests : IAsyncLifetime
{
    private readonly Browser _browser = new();
    private readonly DemoStatus _demo = new();

    public async ValueTask InitializeAsync() => await _browser.StartAsync();

    [Fact]
    public async Task Page_WhileADownloadRuns_MovesWithoutReloadAndAsksNobodyElse()
    {
        await using var server = await StatusServer.StartAsync(_demo.Sections);
        var page = await _browser.OpenAsync();
        List<string> asked = [], errors = [];
        page.Request += (_, request) => asked.Add(request.Url);
        page.Console += (_, message) => errors.Add(message.Text);
        page.PageError += (_, error) => errors.Add(error);

        await page.GotoAsync(server.Url.AbsoluteUri);
        await Assertions.Expect(page.Locator("#state")).ToHaveTextAsync("live");
        await Assertions.Expect(page.Locator("#now .facts")).ToContainTextAsync("3.0 MB of 12 MB");
        await page.EvaluateAsync("window.sameDocument = true");
        await page.Locator("#run-2 summary").ClickAsync(); // unfolded
        var before = await ChartAsync(page);
        _demo.Done = 9_000_000;

        await Assertions.Expect(page.Locator("#now .facts")).ToContainTextAsync("9.0 MB of 12 MB", new() { Timeout = 30_000 });
        await Assertions.Expect(page.Locator("#worth [data-key='traffic.todayPeers']")).ToHaveTextAsync("9.0 MB");
        Assert.NotEqual(before, await ChartAsync(page));
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument"));
        Assert.True(await page.Locator("#run-2").EvaluateAsync<bool>("run => run.open")); // and it still is
        Assert.Empty(errors);
        Assert.All(asked, url => Assert.True(url.StartsWith(server.Url.AbsoluteUri, StringComparison.Ordinal) || url == "data:,", url));
    }

    [Fact]
    public async Task Page_WithoutScripts_HasNumbersAndCharts()
    {
        await using var server = await StatusServer.StartAsync(_demo.Sections);
        var page = await _browser.OpenAsync(new() { JavaScriptEnabled = false });

        await page.GotoAsync(server.Url.AbsoluteUri);
        await Assertions.Expect(page.Locator("#worth [data-key='traffic.todayPeers']")).ToHaveTextAsync("3.0 MB");
        var hour = await ChartAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Month" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Month" })).ToHaveAttributeAsync("aria-current", "true");
        Assert.NotEqual(hour, await ChartAsync(page));
        await Assertions.Expect(page.Locator(".moment")).ToBeHiddenAsync(); // it would do nothing
    }

    [Fact]
    public async Task Page_DaemonStops_SaysSo()
    {
        var server = await StatusServer.StartAsync(_demo.Sections);
        var page = await _browser.OpenAsync();
        await page.GotoAsync(server.Url.AbsoluteUri);
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("live");

        await server.DisposeAsync(); // and does not wait for the page

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("no answer", new() { Timeout = 30_000 });
    }

    [Fact]
    public async Task Page_WordsOfStrangers_AreText()
    {
        _demo.Words = "<img src=x onerror=window.hit=1><script>window.hit=1</script>";
        await using var server = await StatusServer.StartAsync(
            [.. _demo.Sections, new FakeSection("x", new StatusValue("v", _demo.Words, _demo.Words)) { Title = _demo.Words }]);
        var page = await _browser.OpenAsync();

        await page.GotoAsync(server.Url.AbsoluteUri);
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("live");
        await Assertions.Expect(page.Locator("#now .file")).ToHaveTextAsync(_demo.Words);
        _demo.Done++; // what the stream sends is put in place by the script
        await Assertions.Expect(page.Locator("#worth [data-key='traffic.todayPeers']")).ToHaveAttributeAsync("title", $"{_demo.Done}");
        await page.EvaluateAsync(
            "() => { const s = document.createElement('script'); s.textContent = 'window.hit = 1'; document.body.append(s); }");

        Assert.False(await page.EvaluateAsync<bool>("'hit' in window")); // neither by encoding, nor, were it to fail, by the policy
    }

    [Theory]
    [InlineData(1_280, ColorScheme.Light)]
    [InlineData(1_280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Page_OfEachKind_FitsAndBreaksNoRuleOfAccessibility(int width, ColorScheme scheme)
    {
        _demo.Problems = Problems;
        await using var server = await StatusServer.StartAsync(_demo.Sections);
        var page = await _browser.OpenAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme });

        await page.GotoAsync(server.Url.AbsoluteUri);
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("live");
        await Browser.TakePictureAsync(page, $"page-{width}-{scheme}".ToLowerInvariant());
        foreach (var details in await page.Locator("details").AllAsync())
        {
            await details.EvaluateAsync("one => one.open = true");
        }

        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        Assert.Empty(await Browser.FindBrokenRulesAsync(page));
        await Browser.TakePictureAsync(page, $"page-{width}-{scheme}-unfolded".ToLowerInvariant());
    }

    [Fact]
    public async Task Page_ForAScreenReader_SaysTheVerdictThenEachQuestion()
    {
        _demo.Problems = Problems;
        await using var server = await StatusServer.StartAsync(_demo.Sections);
        var page = await _browser.OpenAsync();
        await page.GotoAsync(server.Url.AbsoluteUri);
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("live");

        await Assertions.Expect(page.Locator("body")).ToMatchAriaSnapshotAsync("""
            - link "Skip to the numbers"
            - banner:
              - heading "apt-p2p" [level=1]
              - status: live
            - main:
              - paragraph: Sharing with the world.
              - list "What is wrong":
                - listitem:
                  - text: /ftp.us.debian.org does not answer/
                - listitem:
                  - text: /Your router keeps others out/
              - heading "What it was worth" [level=2]
              - table:
                - rowgroup:
                  - row /Not sent by mirrors/
                - rowgroup:
                  - row /Today 1.0 GB .* from the store, .* from peers, .* from mirrors/
                  - row /In all/
                  - row /Since the start/
              - heading "Over time" [level=2]
              - navigation "How long"
              - figure:
                - img /Rates, hour; on average From the store .*/
              - paragraph:
                - slider "Moment"
              - heading "Now" [level=2]
              - list:
                - listitem:
                  - text: foo_1.2-3_amd64.deb
                  - img /from peers, .* from mirrors/
                  - text: 3.0 MB of 12 MB, 1.5 MB/s, 6 s left, 5 of 23 pieces, mirror + 4 peers
              - heading "Lately" [level=2]
              - group:
                - text: packages, 38 files, 61 MB, 3.1 s, 83.6 % from 5 peers, under way
              - group:
                - text: update, 1 file, 9.0 kB, 200 ms, for 192.168.1.9
              - heading "Who" [level=2]
              - paragraph: "DHT: 212 nodes here, about 9,012 in the network, look-ups 310 ms."
              - group "Peers of the last hour"
              - group "Refused peers"
              - heading "What it keeps" [level=2]
              - group "Archives"
              - heading "Everything" [level=2]
            - contentinfo
            """);
    }

    [Fact]
    public async Task Page_ByKeyboardAlone_TellsEachMomentOfTheChart()
    {
        await using var server = await StatusServer.StartAsync(_demo.Sections);
        var page = await _browser.OpenAsync();
        await page.GotoAsync(server.Url.AbsoluteUri);
        var slider = page.GetByRole(AriaRole.Slider, new() { Name = "Moment" });
        await slider.FocusAsync();

        await page.Keyboard.PressAsync("Home");
        await Assertions.Expect(slider).ToHaveAttributeAsync("aria-valuetext", new Regex("From peers 0 B/s"));
        await page.Keyboard.PressAsync("ArrowRight");

        await Assertions.Expect(slider).ToHaveAttributeAsync("aria-valuetext", new Regex("From peers 40 kB/s"));
        await Assertions.Expect(page.Locator(".moment .words")).ToContainTextAsync("From the store 1.0 kB/s");
        await Assertions.Expect(slider).ToBeFocusedAsync();
    }

    public async ValueTask DisposeAsync() => await _browser.DisposeAsync();

    private static StatusProblem[] Problems =>
    [
        new("notReached", "Your router keeps others out.", ProblemSeverity.Notice, "Forward port 9977, TCP and UDP, to 192.168.1.20."),
        new("mirrorAway", "ftp.us.debian.org does not answer since 14:02.", ProblemSeverity.Error, "Use another mirror."),
    ];

    /// <summary>What of the chart is drawn.</summary>
    private static async Task<string> ChartAsync(IPage page) =>
        await page.Locator(".chart svg > path.peers").First.GetAttributeAsync("d") ?? "";
}
