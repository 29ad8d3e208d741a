using System.Text;
using AptP2P.Host.Proxy.ReadAhead;
using AptP2P.Host.Proxy.Requests;
using AptP2P.Host.Tests.Apt;
using FsCheck.Fluent;
using Xunit;

namespace AptP2P.Host.Tests.Proxy.ReadAhead;

public sealed class RequestScannerTests
{
    private const string First =
        "GET /ftp.us.debian.org/debian/a HTTP/1.1\r\nHost: localhost:9977\r\nUser-Agent: Debian APT-HTTP/1.3 (2.6.1)\r\n\r\n";
    private const string Second =
        "GET http://ftp.us.debian.org/debian/b%2b HTTP/1.1\r\nhost:ftp.us.debian.org \r\nAuthorization: Basic x\r\n\r\n";

    private static readonly string[] Pieces =
    [
        First,
        Second,
        "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET /",
        "HEAD /y HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
        "PUT /y HTTP/1.1\r\nHost: a\r\ncontent-length:0\r\n\r\n",
    ];

    [Fact]
    public void Scan_TwoRequests_BothWithWhatIsAskedFor() =>
        Assert.Equal(
            ["GET /ftp.us.debian.org/debian/a localhost:9977", "GET http://ftp.us.debian.org/debian/b%2b ftp.us.debian.org private"],
            Scan(out _, First + Second));

    [Fact]
    public void Scan_RequestsInAnyPortions_AreTheSame() =>
        Property.Holds(
            from pieces in Gen.Elements(Pieces).ListOf()
            from cuts in Gen.Choose(1, 120).ListOf(200)
            select (Text: string.Concat(pieces), Cuts: cuts.ToArray()),
            sample => Scan(out var whole, sample.Text).SequenceEqual(Scan(out var cut, Cut(sample.Text, sample.Cuts))) && !whole && !cut);

    [Theory]
    [InlineData("\r\n\r\n")]
    [InlineData("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.0\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/2.0\r\nHost: a\r\n\r\n")]
    [InlineData("GET  / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1 \r\nHost: a\r\n\r\n")]
    [InlineData("GET /\r\n\r\n")]
    [InlineData("get / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost : a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: a\nY: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: a\0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\nx")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n")]
    public void Scan_WhatServersMayReadDifferently_StopsForGood(string head)
    {
        Assert.Empty(Scan(out var isStopped, Encoding.Latin1.GetBytes(head + First)));
        Assert.True(isStopped);
    }

    [Theory]
    [InlineData("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")]
    [InlineData("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n")]
    public void Scan_AfterWhatMayBeNoRequest_Stops(string head)
    {
        Assert.Single(Scan(out var isStopped, head + First));
        Assert.True(isStopped);
    }

    [Fact]
    public void Scan_AHeadThatDoesNotEnd_StopsWithLittleKept()
    {
        var found = 0;
        using var scanner = new RequestScanner(_ => found++);
        for (var i = 0; i < RequestHead.MaxLength && !scanner.IsStopped; i += 16)
        {
            scanner.Scan("X: 1234567890\r\n."u8);
        }

        Assert.True(scanner.IsStopped);
        scanner.Scan(Encoding.ASCII.GetBytes(First));
        Assert.Equal(0, found);
    }

    [Fact]
    public void Scan_AnyBytes_NeverThrowsAndPortionsDoNotMatter()
    {
        var random = new Random(7);
        string[] parts =
        [
            .. Pieces,
            "\r\n",
            "\r\n\r\n",
            " ",
            ":",
            "HTTP/1.1",
            "Host: a\r\n",
            "Content-Length: 3\r\n",
            "\0",
            "\n",
            "\u00ff",
        ];
        for (var run = 0; run < 20_000; run++)
        {
            var bytes = Encoding.Latin1.GetBytes(
                string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => parts[random.Next(parts.Length)])));
            for (var changes = random.Next(3); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var whole = Scan(out var stopped, bytes);
            int[] cuts = [.. Enumerable.Range(0, 50).Select(_ => random.Next(1, 60))];
            Assert.Equal(whole, Scan(out var stoppedInPortions, Cut(Encoding.Latin1.GetString(bytes), cuts)));
            Assert.Equal(stopped, stoppedInPortions);
        }
    }

    private static List<string> Scan(out bool isStopped, string text) => Scan(out isStopped, Encoding.Latin1.GetBytes(text));

    private static List<string> Scan(out bool isStopped, params IEnumerable<byte[]> portions)
    {
        var found = new List<string>();
        using var scanner = new RequestScanner(head =>
            found.Add(
                string.Join(
                    ' ',
                    (
                        (string[])
                            [
                                Encoding.ASCII.GetString(head.Method),
                                Encoding.ASCII.GetString(head.Target),
                                Encoding.ASCII.GetString(head.Host),
                                head.IsPrivate ? "private" : "",
                            ]
                    ).Where(part => part.Length > 0))));
        foreach (var portion in portions)
        {
            scanner.Scan(portion);
        }

        isStopped = scanner.IsStopped;
        return found;
    }

    private static IEnumerable<byte[]> Cut(string text, int[] lengths)
    {
        var (at, bytes) = (0, Encoding.Latin1.GetBytes(text));
        foreach (var length in lengths)
        {
            var end = Math.Min(bytes.Length, at + length);
            yield return bytes[at..end];
            at = end;
        }

        yield return bytes[at..];
    }
}
