using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AptP2P.Testing.Telemetry;

namespace AptP2P.EndToEnd;

/// <summary>What docs/metrics.md lists is measured.</summary>
public sealed partial class MetricsTests(SignedRepository repository) : EndToEndTest(repository)
{
    private const string Refused = "127.77.0.1"; // may not use the proxy

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_AfterAllThatDaemonsDo_EveryInstrumentHasANumber()
    {
        var address = NextAddress();
        await using var receiver = await OtlpReceiver.StartAsync($"{address}");
        Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://{address}:{receiver.HttpPort}";
        Variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
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
        await SayHelloAsync(b);
        await b.LooksIntoMainlineAsync();

        var numbers = new HashSet<string>();
        foreach (var daemon in (Daemon[])[b, a, lonely])
        {
            await daemon.StopAsync();
            numbers.UnionWith(Numbers(await receiver.ReceiveAsync(Cancellation)));
        }

        Assert.Empty(Documented().Except(numbers));
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

    /// <summary>The metrics that have something else than nought; of what goes up and down again, any number.</summary>
    private static IEnumerable<string> Numbers(JsonElement received) =>
        from resource in received.GetProperty("resourceMetrics").EnumerateArray()
        from scope in resource.GetProperty("scopeMetrics").EnumerateArray()
        from metric in scope.GetProperty("metrics").EnumerateArray()
        from kind in new[] { "sum", "gauge", "histogram" }
        where metric.TryGetProperty(kind, out var data)
            && data.TryGetProperty("dataPoints", out var points)
            && points.EnumerateArray().Any(point => (kind == "sum" && !IsMonotonic(data)) || Number(point) != 0)
        select metric.GetProperty("name").GetString();

    private static bool IsMonotonic(JsonElement sum) => sum.TryGetProperty("isMonotonic", out var value) && value.GetBoolean();

    private static double Number(JsonElement point) =>
        new[] { "count", "asInt", "asDouble" }.Sum(name => point.TryGetProperty(name, out var value) ? value.GetDouble() : 0);

    private static IEnumerable<string> Documented()
    {
        var packaging = typeof(MetricsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(item => item.Key == "Packaging").Value!;
        var documented = Row().Matches(File.ReadAllText(Path.Combine(packaging, "..", "docs", "metrics.md")));
        Assert.NotEmpty(documented);
        return documented.Select(row => row.Groups[1].Value);
    }

    [GeneratedRegex(@"^\| `(aptp2p\.[a-z_.]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
