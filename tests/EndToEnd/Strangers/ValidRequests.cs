using System.Buffers.Text;
using System.Net;
using System.Text;

namespace AptP2P.EndToEnd.Strangers;

/// <summary>
/// Requests as some client could send them, of every form and to every kind of host: none of them is malformed, most are odd. All hosts are
/// loopback addresses.
/// </summary>
/// <param name="repository">Whose packages are asked for.</param>
/// <param name="daemon">Who is asked.</param>
/// <param name="mirror">Who has the packages.</param>
/// <param name="silent">An origin that never answers.</param>
internal sealed class ValidRequests(SignedRepository repository, IPEndPoint daemon, Uri mirror, IPEndPoint silent)
{
    private const double SilentShare = 0.01; // each is waited for until the daemon gives up
    private const int MostPipelined = 8;
    private const int MostAsked = 512; // hashes in a /p2p/have
    private const int LongestBody = 40_000;

    public StrangeRequest Next(Random random)
    {
        if (random.Chance(0.1))
        {
            var several = Enumerable.Range(0, random.Next(2, MostPipelined)).SelectMany(_ => One(random).Bytes).ToArray();
            return new("pipelined", several, random.One(Parting.HalfClosed, Parting.HalfClosed, Parting.Closed, Parting.Reset));
        }

        return One(random);
    }

    private StrangeRequest One(Random random)
    {
        var parting = random.Chance(0.8) ? Parting.HalfClosed : random.One(Parting.Closed, Parting.Reset, Parting.Silent);
        return random.Next(10) switch
        {
            0 => Own(random, parting),
            1 => Content(random, parting),
            2 => Have(random, parting),
            3 when random.Chance(0.3) => Tunnel(random, parting),
            _ => Upstream(random, parting),
        };
    }

    private StrangeRequest Own(Random random, Parting parting)
    {
        var target = random.One("/", "/p2p/status", "/p2p/health", "/p2p/nothing", "/favicon", "/?x=y", "*", "/.well-known/other", "/p2p");
        return Build("own", random, parting, random.One("GET", "GET", "HEAD", "OPTIONS", "POST"), target, daemon.ToString());
    }

    private StrangeRequest Content(Random random, Parting parting)
    {
        var package = random.Chance(0.7) ? Small(random) : null;
        var hash = package is null ? random.Bytes(32) : Convert.FromHexString(package.Sha256);
        var isList = random.Chance(0.4);
        var target = isList ? $"/p2p/pieces/{Convert.ToHexStringLower(hash)}" : $"/.well-known/ni/sha-256/{Base64Url.EncodeToString(hash)}";
        return Build("content", random, parting, random.One("GET", "GET", "HEAD"), target, daemon.ToString(), isList ? null : package);
    }

    private StrangeRequest Have(Random random, Parting parting)
    {
        var count = random.Chance(0.5) ? random.Next(4) : random.Next(MostAsked + 20);
        var hashes = Enumerable.Range(0, count)
            .SelectMany(_ => random.Chance(0.5) ? Convert.FromHexString(Small(random).Sha256) : random.Bytes(32));
        byte[] body = [.. hashes, .. random.Bytes(random.Chance(0.2) ? random.Next(32) : 0)];
        return Build("have", random, parting, "POST", "/p2p/have", daemon.ToString(), body: body);
    }

    private StrangeRequest Tunnel(Random random, Parting parting)
    {
        var authority = Authority(random);
        var request = Build("tunnel", random, parting, "CONNECT", authority, authority);
        return request with { Bytes = [.. request.Bytes, .. random.Bytes(random.Next(2000))] };
    }

    private StrangeRequest Upstream(Random random, Parting parting)
    {
        var package = random.Chance(0.5) ? Small(random) : null;
        var authority = package is null ? Authority(random) : mirror.Authority;
        var path = package is null ? Path(random) : $"debian/{package.RequestPath}";
        var (target, host) = random.Next(8) switch
        {
            0 or 1 => ($"http://{authority}/{path}", authority),
            2 => ($"/https/{authority}/{path}", daemon.ToString()),
            3 => ($"/HTTPS///{authority}/{path}", daemon.ToString()),
            4 => ($"https://{authority}/{path}", authority),
            _ => ($"/{authority}/{path}", daemon.ToString()),
        };
        var method = random.Chance(0.85) ? "GET" : random.One("HEAD", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND");
        return Build("upstream", random, parting, method, target, host, package);
    }

    /// <summary>A package, rather a small one.</summary>
    private RepositoryPackage Small(Random random) =>
        repository.Packages[Math.Min(random.Next(repository.Packages.Count), random.Next(repository.Packages.Count))];

    private string Authority(Random random) => random.Chance(SilentShare) ? silent.ToString() : random.Next(10) switch
    {
        0 => daemon.ToString(),
        1 => $"{daemon}/{mirror.Authority}",
        2 => random.One("169.254.169.254", "localhost:1", "[::1]:1", "127.0.0.1:9", "0.0.0.0:1"),
        3 or 4 or 5 => $"{Nobody(random)}:{random.Next(1, 65536)}",
        _ => mirror.Authority,
    };

    private static IPAddress Nobody(Random random) => new([127, 50, (byte)random.Next(4), (byte)random.Next(1, 250)]);

    private string Path(Random random) => random.Next(8) switch
    {
        0 => $"debian/dists/{SignedRepository.Suite}/InRelease",
        1 => $"debian/dists/{SignedRepository.Suite}/main/binary-amd64/Packages{random.One(".xz", ".gz", "", ".bz2")}",
        2 => $"debian/dists/{SignedRepository.Suite}/main/binary-amd64/by-hash/SHA256/{Convert.ToHexStringLower(random.Bytes(32))}",
        3 => $"debian/pool/../{Small(random).RequestPath}",
        4 => $"debian//pool/./main/x/x_{random.Next()}_amd64.deb",
        5 => $"debian/{Small(random).Path}?token={random.Next()}",
        6 => string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => $"%{random.Next(0x20, 0x7f):x2}/")),
        _ => $"debian/dists/{random.Next(50)}/Release{random.One("", ".gpg")}",
    };

    private static StrangeRequest Build(
        string what, Random random, Parting parting, string method, string target, string host,
        RepositoryPackage? package = null, byte[]? body = null)
    {
        var content = body ?? (method is "POST" or "PUT" ? random.Bytes(random.Next(LongestBody)) : null);
        var headers = Headers(random).Append($"Host: {host}").ToList();
        if (content is not null)
        {
            var isChunked = random.Chance(0.3);
            headers.Add(isChunked ? "Transfer-Encoding: chunked" : $"Content-Length: {content.Length}");
            content = isChunked ? Chunk(content) : content;
        }

        var lines = headers.ToArray();
        random.Shuffle(lines);
        var version = random.Chance(0.9) ? "1.1" : "1.0";
        var head = $"{method} {target} HTTP/{version}\r\n{string.Join("\r\n", lines)}\r\n\r\n";
        return new(what, [.. Encoding.Latin1.GetBytes(head), .. content ?? []], parting, method == "GET" ? package : null);
    }

    private static IEnumerable<string> Headers(Random random)
    {
        string[] all =
        [
            $"Range: bytes={random.Next(300_000)}-{random.One("", "1", "400000", "99999999999")}",
            $"Range: bytes=-{random.Next(70_000)}", "Range: bytes=0-0", "Range: bytes=0-1,5-9,2-",
            "Range: lines=1-2", "Range: bytes=9-1", "If-Range: Wed, 01 Jan 2020 00:00:00 GMT", "If-Range: \"x\"", "If-None-Match: *",
            "If-None-Match: \"a\", W/\"b\"", "If-Match: \"c\"", "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT",
            "If-Modified-Since: yesterday", "If-Unmodified-Since: Wed, 01 Jan 2020 00:00:00 GMT", "Cache-Control: no-cache",
            "Cache-Control: max-age=0", "Pragma: no-cache", "Accept: text/*", "Accept-Encoding: gzip, br;q=0", "Connection: close",
            "Connection: keep-alive", "User-Agent: Debian APT-HTTP/1.3 (2.6.1)", "User-Agent: ", "Expect: 100-continue", "TE: trailers",
            "Via: 1.1 somebody", "Via: 1.1 apt-p2p", "X-Forwarded-For: 10.0.0.1", "Authorization: Basic eDp5",
            "Proxy-Authorization: Basic eDp5", "Cookie: a=b", "Origin: http://evil.example", "Referer: http://evil.example/",
            "Sec-Fetch-Site: cross-site", "Upgrade: websocket", "Upgrade: h2c", "P2P-Passing: ?1", "Max-Forwards: 0",
            $"X-Long: {new string('x', 3000)}",
        ];
        return random.GetItems(all, random.One(0, 0, 1, 1, 2, 3, 6))
            .DistinctBy(header => header[..header.IndexOf(':', StringComparison.Ordinal)]);
    }

    private static byte[] Chunk(byte[] content) =>
    [
        .. content.Chunk(7000).SelectMany(part => (byte[])[.. Encoding.ASCII.GetBytes($"{part.Length:x}\r\n"), .. part, .. "\r\n"u8]),
        .. "0\r\n\r\n"u8,
    ];
}
