using System.Text.Json;
using System.Text.Json.Nodes;
using AptP2P.Testing.Telemetry;

namespace AptP2P.EndToEnd;

/// <summary>What the status page says that the daemons were worth to a real apt.</summary>
public sealed class TrafficTests(SignedRepository repository) : EndToEndTest(repository)
{
    private static readonly string[] Unhurried =
        ["--Policy:LookupBudget=10s", "--Policy:PeerStart=10s", "--Policy:CompareAfter=10s", "--Fetch:WaitForUntried=true"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Status_AfterARestart_HasInAllWhatTheMetricsSaidAtTheStop()
    {
        var address = NextAddress();
        await using var receiver = await OtlpReceiver.StartAsync($"{address}");
        Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://{address}:{receiver.HttpPort}";
        Variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        Variables["OTEL_METRIC_EXPORT_INTERVAL"] = "3600000"; // only the stop sends
        var mirror = await StartMirrorAsync();
        var a = await StartDaemonAsync("a", Unhurried);
        var b = await StartDaemonAsync("b", a, Unhurried);
        await NewApt("a", a, mirror).InstallAllAsync(Repository, a);
        await b.LearnsOfAsync(a);
        await NewApt("b", b, mirror).InstallAllAsync(Repository, b);
        await NewApt("again", b, mirror).InstallAllAsync(Repository, b); // from the store

        var files = (await b.StatusAsync())["downloads"]!;
        Assert.Contains(Names(files), name => name.StartsWith("Packages of ", StringComparison.Ordinal));
        Assert.Contains(files["runs"]!.AsArray(), run => Number(run!, "peers") > 0 && Number(run!, "sources") == 1);
        await b.StopAsync();
        var told = await receiver.ReceiveAsync(Cancellation);
        await b.StartAsync();
        var traffic = (await b.StatusAsync())["traffic"]!;

        Assert.Equal(Sum(told, "aptp2p.fetch.bytes", "peers"), Number(traffic, "allPeers"));
        Assert.Equal(
            Sum(told, "aptp2p.fetch.bytes", "mirror") + Sum(told, "aptp2p.proxy.bytes", "miss"), Number(traffic, "allMirror"));
        Assert.Equal(Sum(told, "aptp2p.proxy.bytes", "hit") + Sum(told, "aptp2p.proxy.bytes", "stale"), Number(traffic, "allStore"));
        Assert.True(Number(traffic, "allPeers") > 0 && Number(traffic, "allStore") > 0);
        Assert.Equal(0, Number(traffic, "sessionStore"));
        Assert.Equal(Number(traffic, "allPeers"), Number(traffic, "todayPeers")); // unless midnight has come meanwhile

        await a.StopAsync();
        told = await receiver.ReceiveAsync(Cancellation);
        await a.StartAsync();

        var sent = Number((await a.StatusAsync())["traffic"]!, "allSent");
        Assert.Equal(Sum(told, "aptp2p.peer.io", "transmit"), sent);
        Assert.InRange(sent, Number(traffic, "allPeers"), long.MaxValue); // what was on its way to b counts too
    }

    private static long Number(JsonNode node, string key) => node[key]!.GetValue<long>();

    private static IEnumerable<string> Names(JsonNode downloads) =>
        downloads["recent"]!.AsArray().Select(row => row!["name"]!.GetValue<string>());

    /// <summary>The bytes of a metric that has this value as an attribute.</summary>
    private static long Sum(JsonElement received, string metric, string attribute) => (
        from resource in received.GetProperty("resourceMetrics").EnumerateArray()
        from scope in resource.GetProperty("scopeMetrics").EnumerateArray()
        from told in scope.GetProperty("metrics").EnumerateArray()
        where told.GetProperty("name").GetString() == metric
        from point in told.GetProperty("sum").GetProperty("dataPoints").EnumerateArray()
        where point.GetProperty("attributes").ToString().Contains($"\"{attribute}\"", StringComparison.Ordinal)
        select long.Parse(point.GetProperty("asInt").ToString(), provider: null)).Sum();
}
