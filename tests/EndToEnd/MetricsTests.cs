using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AptP2P.Testing.Telemetry;

namespace AptP2P.EndToEnd;

/// <summary>What docs/metrics.md lists is measured.</summary>
public sealed partial class MetricsTests(SignedRepository repository) : EndToEndTest(repository)
{
    private const string Refused = "127.77.0.1"; // may not use the proxy

    private const string MetricsPath = "p2p/metrics";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_AfterAllThatDaemonsDo_EveryInstrumentHasANumber()
    {
        var address = NextAddress();
        await using var receiver = await OtlpReceiver.StartAsync($"{address}");
        Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://{address}:{receiver.HttpPort}";
        Variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        Variables["OTEL_METRICS_EXPORTER"] = "otlp,prometheus";
        Variables["OTEL_METRIC_EXPORT_INTERVAL"] = "3600000"; // only the stop sends
        Variables["APTP2P_Neighbours_Lan__Interfaces"] = "lo";
        Variables["APTP2P_Sharing__NetworkSecret"] = $"{address}"; // they are neighbours, and of no other test's daemons
        var mirror = await StartMirrorAsync();
        var lonely = await StartDaemonAsync(
            "lonely", $"--Dht.Kademlia:Bootstrap={NextAddress()}:{Daemon.Port}", "--Dht.Kademlia:QueryTimeout=500ms",
            "--Sharing:NetworkSecret=lonely", $"--PortMapping:Gateways={NextAddress()}",
            "--Proxy:Allow=127.0.0.1", "--Host:ConnectionsPerAddress=1");
        var a = await StartDaemonAsync("a");
        var b = await StartDaemonAsync("b", a, $"--Dht.Kademlia:Routers={a.EndPoint}");

        await NewApt("a", a, mirror).InstallAllAsync(Repository, a);
        await b.LearnsOfAsync(a);
        await NewApt("b", b, mirror).InstallAllAsync(Repository, b);
        await AskForATunnelAsync(lonely);
        await ConnectTwiceAsync(lonely);
        await SendRubbishAsync(lonely);
        var file = $"{mirror.Address.Authority}/debian/{Repository.Packages[0].RequestPath}";
        await AskAsync(new Uri(lonely.Address, file), HttpStatusCode.Forbidden, ("Sec-Fetch-Site", "cross-site"));
        await AskAsync(new Uri(b.Address, file), HttpStatusCode.OK, ("Cache-Control", "no-cache")); // it is verified
        await SayHelloAsync(b);
        await b.LooksIntoMainlineAsync();
        var fooled = await FoolAsync(mirror);

        await AskAsync(new Uri(b.Address, MetricsPath), HttpStatusCode.Forbidden, ("Sec-Fetch-Site", "cross-site"));
        await AskAsync(new Uri(b.Address, MetricsPath), HttpStatusCode.Forbidden, ("Host", "rebound.test"));
        var (measures, fetched) = (new List<Measure>(), "");
        foreach (var daemon in (Daemon[])[b, a, lonely, fooled])
        {
            fetched += await FetchAsync(daemon);
            await daemon.StopAsync();
            var received = await receiver.ReceiveAsync(Cancellation);
            measures.AddRange(Measures(received));
            Assert.DoesNotMatch(LoopbackAddress(), received.GetProperty("resourceMetrics").GetRawText()); // everybody here has one
        }

        Assert.Contains(measures, measure => measure.Name == "http.client.request.duration"); // which knows addresses
        Assert.DoesNotMatch(LoopbackAddress(), fetched);
        Dashboard.AssertAsksFor(fetched);
        var documented = Documented();
        Assert.Empty(documented.Keys.Except(measures.Where(measure => measure.IsNumber).Select(measure => measure.Name)));
        var seen = measures.Where(measure => documented.ContainsKey(measure.Name)).ToLookup(measure => measure.Name);
        Assert.Equal(
            documented.Select(entry => $"{entry.Key}: {string.Join(", ", entry.Value)}"),
            documented.Keys.Select(name =>
                $"{name}: {string.Join(", ", seen[name].SelectMany(one => one.Attributes.Keys).Distinct().Order())}"));
        Assert.All(
            seen.SelectMany(same => same).SelectMany(measure => measure.Attributes.Values),
            value => Assert.True(value.ValueKind != JsonValueKind.String || AttributeValue().IsMatch(value.GetString()!), $"{value}"));
    }

    /// <summary>Starts a daemon whose store is too small for all packages, and that gets one of them from liars first.</summary>
    private async Task<Daemon> FoolAsync(Mirror mirror)
    {
        var daemon = await StartDaemonAsync(
            "fooled", "--Policy:LookupBudget=10s", "--Policy:PeerStart=10s", "--Policy:CompareAfter=10s", "--Fetch:WaitForUntried=true",
            "--Sharing:NetworkSecret=", "--Neighbours.Lan:Interfaces=none", "--Store:Quota=5000000");
        var package = Repository.Package("uu");
        for (var i = 0; i < 4; i++)
        {
            await (await StartLiarAsync(package)).AnnounceToAsync(daemon);
        }

        var apt = NewApt("fooled", daemon, mirror);
        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(package.Name)).Succeeded();
        (await apt.DownloadAsync(Repository.Packages.Select(one => one.Name))).Succeeded();
        return daemon;
    }

    private static async Task AskAsync(Uri address, HttpStatusCode status, (string Name, string Value) header)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add(header.Name, header.Value);
        using var answer = await client.SendAsync(request, Cancellation);
        Assert.Equal(status, answer.StatusCode);
    }

    /// <summary>What Prometheus gets from it.</summary>
    private static async Task<string> FetchAsync(Daemon daemon)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(daemon.Address, MetricsPath), Cancellation);
    }

    private static async Task AskForATunnelAsync(Daemon daemon)
    {
        using var client = await ConnectAsync(daemon, "127.0.0.1");
        await client.SendAsync(Encoding.ASCII.GetBytes("CONNECT mirror.test:1 HTTP/1.1\r\nHost: mirror.test:1\r\n\r\n"), Cancellation);
        var answer = new byte[12];
        await using var stream = new NetworkStream(client);
        await stream.ReadExactlyAsync(answer, Cancellation);
        Assert.Equal("HTTP/1.1 403", Encoding.ASCII.GetString(answer)); // the port is not listed
    }

    private static async Task ConnectTwiceAsync(Daemon daemon)
    {
        using var first = await ConnectAsync(daemon, Refused);
        using var second = await ConnectAsync(daemon, Refused);
        var closed = await Assert.ThrowsAsync<SocketException>(async () => await first.ReceiveAsync(new byte[1], Cancellation));
        Assert.Equal(SocketError.ConnectionReset, closed.SocketErrorCode); // it makes room for the second
    }

    private static async Task SayHelloAsync(Daemon daemon)
    {
        using var client = new HttpClient();
        Assert.Empty(await client.GetStringAsync(new Uri(daemon.Address, "p2p/hello"), Cancellation)); // it waits for nobody
    }

    private static async Task SendRubbishAsync(Daemon daemon)
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Parse(Refused), 0));
        await socket.SendAsync("rubbish"u8.ToArray(), IPEndPoint.Parse(daemon.EndPoint), Cancellation);
    }

    private static async Task<Socket> ConnectAsync(Daemon daemon, string from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPEndPoint.Parse(daemon.EndPoint), Cancellation);
        return socket;
    }

    /// <summary>Every measure of the metrics that were sent.</summary>
    private static IEnumerable<Measure> Measures(JsonElement received) =>
        from resource in received.GetProperty("resourceMetrics").EnumerateArray()
        from scope in resource.GetProperty("scopeMetrics").EnumerateArray()
        from metric in scope.GetProperty("metrics").EnumerateArray()
        from kind in new[] { "sum", "gauge", "histogram" }
        where metric.TryGetProperty(kind, out _) && metric.GetProperty(kind).TryGetProperty("dataPoints", out _)
        let data = metric.GetProperty(kind)
        from point in data.GetProperty("dataPoints").EnumerateArray()
        select new Measure(
            metric.GetProperty("name").GetString()!, (kind == "sum" && !IsMonotonic(data)) || Number(point) != 0, Attributes(point));

    private static Dictionary<string, JsonElement> Attributes(JsonElement point) =>
        !point.TryGetProperty("attributes", out var attributes) ? []
        : attributes.EnumerateArray().ToDictionary(
            attribute => attribute.GetProperty("key").GetString()!,
            attribute => attribute.GetProperty("value").EnumerateObject().Single().Value);

    private static bool IsMonotonic(JsonElement sum) => sum.TryGetProperty("isMonotonic", out var value) && value.GetBoolean();

    private static double Number(JsonElement point) =>
        new[] { "count", "asInt", "asDouble" }.Sum(name => point.TryGetProperty(name, out var value) ? value.GetDouble() : 0);

    /// <summary>The instruments that docs/metrics.md lists, and the attributes that it gives them, in order.</summary>
    private static Dictionary<string, string[]> Documented()
    {
        var documented = Row().Matches(File.ReadAllText(Path.Combine(Dashboard.Docs, "metrics.md")));
        Assert.NotEmpty(documented);
        return documented.ToDictionary(
            row => row.Groups["name"].Value,
            row => Attribute().Matches(row.Groups["attributes"].Value).Select(one => one.Groups[1].Value).Order().ToArray());
    }

    [GeneratedRegex(@"^\| `(?<name>aptp2p\.[a-z0-9_.]+)` \|.*\|(?<attributes>[^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Attribute();

    [GeneratedRegex("^[a-z0-9_]+$")]
    private static partial Regex AttributeValue();

    [GeneratedRegex(@"\b127\.\d+\.\d+\.\d+")]
    private static partial Regex LoopbackAddress();

    /// <summary>A number that was sent.</summary>
    /// <param name="Name">The metric's.</param>
    /// <param name="IsNumber">Whether it is something else than nought; of what goes up and down again, any number is.</param>
    /// <param name="Attributes">What it is of.</param>
    private sealed record Measure(string Name, bool IsNumber, Dictionary<string, JsonElement> Attributes);
}
