using AptP2P.Stats.Tests.Sections;
using AptP2P.Testing;
using Microsoft.Playwright;
using Xunit;

namespace AptP2P.Stats.Tests.Page;

/// <summary>The page in a real browser.</summary>
public sealed class BrowserTests : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (File.Exists(Chromium))
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox"] });
        }
    }

    [Fact]
    public async Task Page_ValueChanges_ShowsItWithoutReloadAndAsksNobodyElse()
    {
        var size = 1_000_000L;
        await using var server = await StatusServer.StartAsync(
            new FakeSection("store", _ =>
                new([
                    new StatusValue("size", "Size", Interlocked.Read(ref size), StatusUnit.Bytes),
                    new StatusValue("hits", "Hits", 0.5, StatusUnit.Ratio),
                ]))
            {
                Title = "<b>Store</b>",
            });
        var page = await OpenAsync(ColorScheme.Light);
        List<string> asked = [], errors = [];
        page.Request += (_, request) => asked.Add(request.Url);
        page.Console += (_, message) => errors.Add(message.Text);
        page.PageError += (_, error) => errors.Add(error);

        await page.GotoAsync(server.Url.AbsoluteUri);
        await Assertions.Expect(page.Locator("#store [data-key=size] dd")).ToHaveTextAsync("1.0 MB");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "<b>Store</b>" })).ToBeVisibleAsync();
        await page.EvaluateAsync("window.sameDocument = true");
        Interlocked.Exchange(ref size, 2_000_000);

        await Assertions.Expect(page.Locator("#store [data-key=size] dd")).ToHaveTextAsync("2.0 MB", new() { Timeout = 30_000 });
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument"));
        Assert.Empty(errors);
        Assert.All(asked, url => Assert.True(url.StartsWith(server.Url.AbsoluteUri, StringComparison.Ordinal) || url == "data:,", url));
    }

    [Fact]
    public async Task Page_DaemonStops_SaysSo()
    {
        var server = await StatusServer.StartAsync();
        var page = await OpenAsync(ColorScheme.Light);
        await page.GotoAsync(server.Url.AbsoluteUri);
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("live");

        await server.DisposeAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("no answer", new() { Timeout = 30_000 });
    }

    [Fact]
    public async Task Page_InlineScriptOfAValue_IsNotRun()
    {
        await using var server = await StatusServer.StartAsync(
            new FakeSection("x", new StatusValue("v", "<img src=x onerror=window.hit=1>", "<script>window.hit=1</script>")));
        var page = await OpenAsync(ColorScheme.Dark);

        await page.GotoAsync(server.Url.AbsoluteUri);
        await page.EvaluateAsync(
            "() => { const s = document.createElement('script'); s.textContent = 'window.hit = 1'; document.body.append(s); }");

        Assert.False(await page.EvaluateAsync<bool>("'hit' in window")); // neither by encoding, nor, were it to fail, by the policy
    }

    [Fact]
    public async Task Page_ColourScheme_IsFollowed()
    {
        await using var server = await StatusServer.StartAsync(new FakeSection("x", new StatusValue("v", "V", 1)));
        var colours = new List<string>();
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            var page = await OpenAsync(scheme);
            await page.GotoAsync(server.Url.AbsoluteUri);
            colours.Add(await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        }

        Assert.Equal(["rgb(244, 245, 247)", "rgb(20, 22, 26)"], colours);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    private async Task<IPage> OpenAsync(ColorScheme scheme)
    {
        var browser = _browser ?? throw Requirement.Missing($"there is no {Chromium}");
        return await browser.NewPageAsync(new() { ColorScheme = scheme });
    }
}
