using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AptP2P.Testing;
using AptP2P.Testing.Telemetry;
using Microsoft.Playwright;

namespace AptP2P.EndToEnd;

/// <summary>The page of a real daemon, in a real browser, while real apt downloads.</summary>
public sealed class PageTests(SignedRepository repository) : EndToEndTest(repository)
{
    private static readonly string Pictures = typeof(PageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(item => item.Key == "Pictures").Value!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_WhileAptDownloads_MovesAndHasTheNumbersOfTheMetrics()
    {
        var address = NextAddress();
        await using var receiver = await OtlpReceiver.StartAsync($"{address}");
        var mirror = await StartMirrorAsync();
        var a = await StartDaemonAsync("a");
        await NewApt("a", a, mirror).InstallAllAsync(Repository, a);
        Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://{address}:{receiver.HttpPort}";
        Variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        Variables["OTEL_METRIC_EXPORT_INTERVAL"] = "3600000"; // only the stop sends
        var b = await StartDaemonAsync("b", a);
        await b.LearnsOfAsync(a);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await LaunchAsync(playwright);
        var page = await browser.NewPageAsync();
        await page.GotoAsync(b.Address.AbsoluteUri);
        await Assertions.Expect(page.Locator("#state")).ToHaveTextAsync("live");
        var before = await ChartAsync(page);

        var apt = NewApt("b", b, mirror);
        (await apt.UpdateAsync()).Succeeded();
        await mirror.StopAsync(); // all else comes from the peer
        (await apt.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();

        var traffic = (await b.StatusAsync())["traffic"]!;
        foreach (var key in new[] { "todaySaved", "todayStore", "todayPeers", "todayMirror", "allPeers", "sessionPeers", "todaySent" })
        {
            await Assertions.Expect(page.Locator($"#worth [data-key='traffic.{key}']").First)
                .ToHaveAttributeAsync("title", Number(traffic, key).ToString(CultureInfo.InvariantCulture));
        }

        await Assertions.Expect(page.Locator("#lately summary").First).ToContainTextAsync(new Regex(@"\d+ files, .* from 1 peer"));
        Assert.NotEqual(before, await ChartAsync(page));
        await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, "daemon.png"), FullPage = true });
        await b.StopAsync(); // for which no page is waited
        var metrics = await receiver.ReceiveAsync(Cancellation);
        Assert.NotEqual(0, Number(traffic, "todayPeers"));
        Assert.Equal(Number(traffic, "todayPeers"), Sum(metrics, "aptp2p.fetch.bytes", "peers"));
        await Assertions.Expect(page.Locator("#state")).ToHaveTextAsync("no answer", new() { Timeout = 30_000 });

        await b.StartAsync();

        var again = (await b.StatusAsync())["traffic"]!;
        Assert.Equal(Number(traffic, "allPeers"), Number(again, "allPeers"));
        Assert.Equal(0, Number(again, "sessionPeers"));
    }

    [Fact]
    public async Task Page_InTheMiddleOfADownload_ShowsHowFarItIs()
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon");
        var apt = NewApt("apt", daemon, mirror);
        (await apt.UpdateAsync()).Succeeded();
        var largest = Repository.Packages.MaxBy(package => package.Length)!;
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await LaunchAsync(playwright);
        var page = await browser.NewPageAsync();
        await page.GotoAsync(daemon.Address.AbsoluteUri);
        var hold = mirror.Hold(largest.RequestPath, largest.Length / 2);

        var download = apt.DownloadAsync([largest.Name]);
        await hold.Reached;

        await Assertions.Expect(page.Locator("#now .file")).ToHaveTextAsync(Path.GetFileName(largest.RequestPath));
        await Assertions.Expect(page.Locator("#now .facts")).ToContainTextAsync("mirror");
        hold.Release();
        (await download).Succeeded();
        await Assertions.Expect(page.Locator("#now .empty")).ToBeVisibleAsync();
    }

    private static async Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        if (Tools.FirstMissing("chromium") is { } missing)
        {
            throw Requirement.Missing($"the program {missing} is missing");
        }

        return await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"] });
    }

    private static async Task<string> ChartAsync(IPage page) =>
        string.Concat(await page.Locator(".chart svg > path").EvaluateAllAsync<string[]>("all => all.map(one => one.getAttribute('d'))"));

    private static long Number(JsonNode section, string key) => section[key]!.GetValue<long>();

    /// <summary>What a counter counted for one value of its attribute.</summary>
    private static long Sum(JsonElement received, string name, string value) => (
        from resource in received.GetProperty("resourceMetrics").EnumerateArray()
        from scope in resource.GetProperty("scopeMetrics").EnumerateArray()
        from metric in scope.GetProperty("metrics").EnumerateArray()
        where metric.GetProperty("name").GetString() == name
        from point in metric.GetProperty("sum").GetProperty("dataPoints").EnumerateArray()
        where point.GetProperty("attributes").EnumerateArray().Any(tag => tag.GetProperty("value").GetRawText().Contains($"\"{value}\""))
        select point.GetProperty("asInt").GetInt64()).Sum();
}
