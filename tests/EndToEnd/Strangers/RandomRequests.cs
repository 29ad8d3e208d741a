using System.Text;

namespace AptP2P.EndToEnd.Strangers;

/// <summary>What no client sends, or what becomes of a request on the way through something broken.</summary>
/// <param name="valid">What they are made of.</param>
internal sealed class RandomRequests(ValidRequests valid)
{
    private const int LongestNoise = 4096;
    private const int LongestLine = 200_000;
    private const int MostHeaders = 3000;

    public StrangeRequest Next(Random random)
    {
        var parting = random.Chance(0.75) ? Parting.HalfClosed : random.One(Parting.Closed, Parting.Reset, Parting.Silent);
        var request = valid.Next(random).Bytes;
        var (what, bytes) = random.Next(12) switch
        {
            0 => ("noise", random.Bytes(random.Next(LongestNoise))),
            1 => ("cut", request[..random.Next(request.Length)]),
            2 or 3 => ("mutated", random.Mutate(request)),
            4 => ("NULs", Insert(random, request, new byte[random.Next(1, 200)])),
            5 => ("a huge line", Insert(random, request, Text(new string(random.One('a', '/', '%', ' ', '\t'), random.Next(LongestLine))))),
            6 => ("many headers", AfterFirstLine(request, Text(Headers(random)))),
            7 => ("a bad length", AfterFirstLine(request, Text(Length(random)))),
            8 => ("junk behind", [.. request, .. random.Bytes(random.Next(LongestNoise)), .. request]),
            9 => ("a bad first line", [.. Text(FirstLine(random)), .. request[(request.AsSpan().IndexOf("\r\n"u8) + 2)..]]),
            10 => ("bare line ends", Text(LineEnds(random, Encoding.Latin1.GetString(request)))),
            _ => ("a bad header", AfterFirstLine(request, Text(random.One(
                "Host\r\n", ": x\r\n", " X: y\r\n", "X : y\r\n", "X\0: y\r\n", "X: y\u0001\r\n", "Host: a, b\r\n", "Host: [::1\r\n",
                "Range: bytes=\r\n", "Range: bytes=-\r\n", "Connection: \u00ff\r\n", "Content-Type: \u0000\r\n", "If-Range:\r\n",
                "Expect: 200-ok\r\n")))),
        };
        return new(what, bytes, parting);
    }

    private static string Headers(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(MostHeaders)).Select(i => $"X-{i % 97}: {i}\r\n"));

    private static string LineEnds(Random random, string request) =>
        request.Replace("\r\n", random.One("\n", "\r", "\n\r", "\r\n ", " \r\n"), StringComparison.Ordinal);

    private static string Length(Random random) => random.One(
        "Content-Length: -1\r\n", "Content-Length: 99999999999999999999\r\n", "Content-Length: 1\r\nContent-Length: 2\r\n",
        "Content-Length: 0x10\r\n", "Content-Length:\r\n", "Content-Length: 10\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: identity\r\n", "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: xchunked\r\n", "Content-Length: 1000000\r\n", "Content-Length: 9223372036854775807\r\n");

    private static string FirstLine(Random random)
    {
        var method = random.One("GET", "get", "GEX", "", new string('M', 3000), "G\0T", "CONNECT", "PRI", "\u00e9");
        var target = random.One(
            "/", "", "*", "//", "///x", "/..", "/%", "/%00", "/%2e%2e/%2e%2e", "http://", "http:///x", "http://x:y@z", "gopher://a/",
            "/127.0.0.1:99999/x", "/[::1/x", "/[::ffff:127.0.0.1]:1/x", "\\\\host\\x", "/https/", "/https//", "/HTTPS///", "127.0.0.1:443",
            ":443", "a:b:c", "/p2p/pieces/", "/p2p/pieces/zz", "/.well-known/ni/sha-256/", "/p2p/have",
            $"/127.50.0.1:1/{new string('/', random.Next(9000))}", $"/{new string('a', random.Next(300))}.b/x");
        var version = random.One(
            "HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/3", "HTTP/1.10", "http/1.1", "HTTP/", "",
            "HTTP/1.1 x", "HTTP/4294967297.1");
        return random.Chance(0.1)
            ? "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n" // TLS
            : $"{method}{random.One(" ", " ", " ", "\t", "  ", "")}{target} {version}\r\n";
    }

    private static byte[] Insert(Random random, byte[] request, byte[] part)
    {
        var at = random.Next(Math.Min(request.Length, 300));
        return [.. request[..at], .. part, .. request[at..]];
    }

    private static byte[] AfterFirstLine(byte[] request, byte[] part)
    {
        var at = request.AsSpan().IndexOf("\r\n"u8) + 2;
        return [.. request[..at], .. part, .. request[at..]];
    }

    private static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);
}
