using System.Reflection;
using System.Text.Json;
using AptP2P.Testing;
using Microsoft.Playwright;

namespace AptP2P.Stats.Tests.Page;

/// <summary>Debian's Chromium, and what is asked of a page in it.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium";

    private static readonly string Axe = Path.Combine(Metadata("Axe"), "node_modules", "axe-core", "axe.min.js");

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Starts it, where there is one.</summary>
    public async Task StartAsync()
    {
        if (File.Exists(Chromium))
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox"] });
        }
    }

    public async Task<IPage> OpenAsync(BrowserNewPageOptions? options = null)
    {
        var browser = _browser ?? throw Requirement.Missing($"there is no {Chromium}");
        return await browser.NewPageAsync(options ?? new());
    }

    /// <summary>What axe-core finds: the rule, and where it is broken.</summary>
    public static async Task<string[]> FindBrokenRulesAsync(IPage page)
    {
        if (!File.Exists(Axe))
        {
            throw Requirement.Missing("axe-core is not installed: npm ci in tests/Stats.Tests/axe");
        }

        await page.EvaluateAsync(await File.ReadAllTextAsync(Axe)); // which no policy for the page's own scripts keeps out
        var found = await page.EvaluateAsync<JsonElement>("async () => (await axe.run()).violations");
        return
        [
            .. from violation in found.EnumerateArray()
               from node in violation.GetProperty("nodes").EnumerateArray()
               select $"{violation.GetProperty("id")}: {node.GetProperty("html")}",
        ];
    }

    /// <summary>A picture of the whole page in the artifacts folder.</summary>
    public static Task TakePictureAsync(IPage page, string name) =>
        page.ScreenshotAsync(new() { Path = Path.Combine(Metadata("Pictures"), $"{name}.png"), FullPage = true });

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    private static string Metadata(string key) =>
        typeof(Browser).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;
}
