using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;
using AptP2P.Stats.Tests.Sections;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Stats.Tests;

public sealed class StatusEndpointsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetStatus_EveryKindOfItem_IsData()
    {
        await using var server = await StatusServer.StartAsync(
            new StatsOptions(),
            new VirtualTime(),
            new FakeSection(
                "all",
                new StatusValue("text", "Text", "a\"b"),
                new StatusValue("count", "Count", 7),
                new StatusValue("size", "Size", 5_000_000_000L, StatusUnit.Bytes),
                new StatusValue("share", "Share", 0.25, StatusUnit.Ratio),
                new StatusValue("nan", "Not a number", double.NaN),
                new StatusValue("on", "On", true),
                new StatusValue("unknown", "Unknown", null),
                new StatusValue("when", "When", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1))),
                new StatusTable(
                    "rows",
                    "Rows",
                    [new("name", "Name"), new("rate", "Rate", StatusUnit.BytesPerSecond)],
                    [
                        ["x", 1.5],
                        ["y", null],
                    ]),
                new StatusProblem("away", "It is away", ProblemSeverity.Warning, "Fetch it"),
                new StatusHistory(
                    "rates",
                    "Rates",
                    StatusUnit.BytesPerSecond,
                    [new("a", "A"), new("b", "B")],
                    [new("hour", "Hour", DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(1), [[1, 2.5], default, [3, 4]])])),
            new FakeSection("empty"));

        using var answer = await server.Client.GetAsync("/p2p/status", Cancelled);

        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        var data = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!.AsObject();
        Assert.Equal(1, (int)data["version"]!);
        Assert.Equal(new VirtualTime().GetUtcNow(), (DateTimeOffset)data["at"]!);
        Assert.Equal("cache", (string?)data["verdict"]);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {"all": {"text": "a\"b", "count": 7, "size": 5000000000, "share": 0.25, "nan": null, "on": true, "unknown": null,
                 "when": "2026-01-02T02:04:05+00:00", "rows": [{"name": "x", "rate": 1.5}, {"name": "y", "rate": null}],
                 "away": {"severity": "warning", "problem": "It is away", "advice": "Fetch it"},
                 "rates": {"hour": {"end": "1970-01-01T00:00:00+00:00", "step": 60, "a": [1, null, 3], "b": [2.5, null, 4]}}}, "empty": {}}
                """),
            new JsonObject([.. data.Skip(3).Select(section => KeyValuePair.Create(section.Key, section.Value?.DeepClone()))])));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/p2p/status")]
    [InlineData("/p2p/status/stream")]
    [InlineData("/p2p/help")]
    public async Task Get_ClientThatIsNotAllowed_Gets403ThatSaysWhatToSet(string path)
    {
        var options = new StatsOptions { Allow = [IPNetwork.Parse("10.0.0.0/8")] };
        await using var server = await StatusServer.StartAsync(
            options, TimeProvider.System, new FakeSection("secret", new StatusValue("k", "K", "hidden")));

        using var answer = await server.Client.GetAsync(path, Cancelled);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("[Stats] Allow", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_WordsOfStrangers_AreOfPrintableLetters()
    {
        const string Words = "a\u001b[2J\u0007\u009b1m\u202egnp.exe\u200f\u2028\u00e9";
        const string Shown = "a\ufffd[2J\ufffd\ufffd1m\ufffdgnp.exe\ufffd\ufffd\u00e9";
        await using var server = await StatusServer.StartAsync(
            new FakeSection("x", new StatusValue("v", "V", Words), new StatusTable("t", "T", [new("c", "C")], [[Words]])));

        var data = JsonElement.Parse(await server.Client.GetStringAsync("/p2p/status", Cancelled)).GetProperty("x");
        var page = await server.Client.GetStringAsync("/", Cancelled);

        Assert.Equal(Shown, data.GetProperty("v").GetString());
        Assert.Equal(Shown, data.GetProperty("t")[0].GetProperty("c").GetString());
        Assert.Equal(4, WebUtility.HtmlDecode(page).Split(Shown).Length - 1); // in its title as well
    }

    [Fact]
    public async Task GetStream_ValueChanges_SendsThatPartAlone()
    {
        var value = 1;
        var time = new VirtualTime();
        await using var server = await StatusServer.StartAsync(
            new StatsOptions(), time,
            new FakeSection("still", new StatusValue("v", "V", "same")),
            new FakeSection("moves", _ => new([new StatusValue("v", "V", value)])));

        await using var stream = await server.Client.GetStreamAsync("/p2p/status/stream", Cancelled);
        await using var events = SseParser.Create(stream).EnumerateAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        var first = new List<string>();
        do
        {
            Assert.True(await events.MoveNextAsync());
            first.Add(events.Current.EventType);
        }
        while (first[^1] != "all-moves");
        value = 2;
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await events.MoveNextAsync());
        Assert.Equal(["verdict", "worth", "time", "now", "lately", "who", "keeps", "all-still", "all-moves"], first);
        Assert.Equal("all-moves", events.Current.EventType);
        Assert.Contains(">2</span>", events.Current.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetStream_MoreThanThereMayBe_Gets503()
    {
        await using var server = await StatusServer.StartAsync(new StatsOptions { Streams = 1 }, TimeProvider.System);
        await using (await server.Client.GetStreamAsync("/p2p/status/stream", Cancelled))
        {
            using var answer = await server.Client.GetAsync("/p2p/status/stream", Cancelled);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Contains("[Stats] Streams", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Head_Page_HasNoBody()
    {
        await using var server = await StatusServer.StartAsync();

        using var answer = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/"), Cancelled);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancelled));
    }
}
