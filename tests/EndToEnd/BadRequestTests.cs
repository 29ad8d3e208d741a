using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AptP2P.EndToEnd;

/// <summary>
/// Requests that no apt sends. Each is refused with a clear status, and the next request is answered as if nothing had been.
/// </summary>
public sealed class BadRequestTests(SignedRepository repository) : EndToEndTest(repository)
{
    [Fact]
    public async Task Request_Malformed_IsRefusedAndTheNextOneServed()
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon");
        (await NewApt("apt", daemon, mirror).UpdateAsync()).Succeeded();
        var package = Repository.Package("nn");

        foreach (var (what, request) in Requests(daemon, mirror))
        {
            var status = await SendAsync(daemon, request);
            Assert.True(status is >= 400 and < 500, $"{what}: {status}");
            using var client = new HttpClient();
            using var answer = await client.GetAsync(
                new Uri(Through(daemon, mirror), $"debian/{package.RequestPath}"), TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, $"after {what}: {answer.StatusCode}");
            var body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            Assert.Equal(package.Length, body.Length);
        }
    }

    [Fact]
    public async Task Request_HostHeaderOfAnotherName_IsRefused()
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon");

        // A page on evil.example whose name is made to point here must not read what this machine may read (DNS rebinding).
        var status = await SendAsync(
            daemon, Text($"GET /{mirror.Address.Authority}/debian/dists/stable/InRelease HTTP/1.1\r\nHost: evil.example\r\n\r\n"));

        Assert.InRange(status, 400, 499);
        Assert.Empty(mirror.Log);
    }

    [Fact]
    public async Task Request_LinkLocalUpstream_IsRefusedWithWhatToSet()
    {
        var daemon = await StartDaemonAsync("daemon");

        using var client = new HttpClient();
        using var answer = await client.GetAsync(
            new Uri(daemon.Address, "169.254.169.254/latest/meta-data"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains(
            "AllowUpstream", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static IEnumerable<(string What, byte[] Request)> Requests(Daemon daemon, Mirror mirror)
    {
        var archive = $"/{mirror.Address.Authority}/debian";
        foreach (
            var path in (string[])
                [
                    $"{archive}/../../../../etc/passwd",
                    $"{archive}/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
                    $"{archive}/..%2f..%2f..%2fetc/passwd",
                    $"{archive}/pool/%00",
                    $"{archive}/pool/%",
                    $"{archive}/pool/%zz",
                    $"{archive}/pool/%ff%fe",
                    $"{archive}/pool/{new string('a', 100_000)}",
                    $"{archive}/{new string('/', 5000)}",
                    "/127.0.0.1:99999/x",
                    "/127.0.0.1:0/x",
                    "/[::1/x",
                    "/a..b/x",
                    "/-.-/x",
                    "//",
                    "/%2f%2f/",
                    "/.well-known/ni/sha-256/x",
                    "/p2p/no-such-thing",
                    "/no-such-host-segment",
                ])
        {
            yield return (path.Length > 200 ? $"{path[..60]}... ({path.Length} characters)" : path, Get(daemon, path));
        }

        yield return ("not HTTP", Text("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n"));
        yield return ("no version", Text("GET /\r\n\r\n"));
        yield return ("two hosts", Text($"GET {archive}/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"));
        yield return ("no host", Text($"GET {archive}/x HTTP/1.1\r\n\r\n"));
        foreach (var target in (string[])[$"{archive}/x", "/", "/p2p/health", $"/.well-known/ni/sha-256/{new string('A', 43)}"])
        {
            yield return ($"HEAD of {target} in other letters", Text($"HEAd {target} HTTP/1.1\r\nHost: {daemon.EndPoint}\r\n\r\n"));
        }

        yield return ("bad length", Text($"GET {archive}/x HTTP/1.1\r\nHost: {daemon.EndPoint}\r\nContent-Length: minus one\r\n\r\n"));
        yield return (
            "an absolute URI of no known scheme",
            Text($"GET gopher://{mirror.Address.Authority}/x HTTP/1.1\r\nHost: {mirror.Address.Authority}\r\n\r\n"));
        yield return ("CONNECT to a port that is not listed", Text("CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n"));
        yield return (
            "header flood",
            Text(
                $"GET {archive}/x HTTP/1.1\r\nHost: {daemon.EndPoint}\r\n"
                    + string.Concat(
                        Enumerable.Range(0, 5000).Select(number => string.Create(CultureInfo.InvariantCulture, $"X-{number}: {number}\r\n"))
                    )
                    + "\r\n"));
        yield return (
            "long header", Text($"GET {archive}/x HTTP/1.1\r\nHost: {daemon.EndPoint}\r\nX-Long: {new string('x', 200_000)}\r\n\r\n"));
    }

    private static byte[] Get(Daemon daemon, string path) => Text($"GET {path} HTTP/1.1\r\nHost: {daemon.EndPoint}\r\n\r\n");

    private static byte[] Text(string request) => Encoding.Latin1.GetBytes(request);

    /// <summary>Sends bytes as they are and reads the status of the answer; 400 where the connection is ended without one.</summary>
    private static async Task<int> SendAsync(Daemon daemon, byte[] request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(daemon.EndPoint), TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(request, TestContext.Current.CancellationToken);
            client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // It has answered before it had all of the request; the answer may still be read.
        }

        using var reader = new StreamReader(stream, Encoding.Latin1);
        try
        {
            var line = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
            return line is null ? StatusOfAClosedConnection : int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return StatusOfAClosedConnection; // reset: what it answered is lost with the unread rest of the request
        }
    }

    private const int StatusOfAClosedConnection = 400;
}
