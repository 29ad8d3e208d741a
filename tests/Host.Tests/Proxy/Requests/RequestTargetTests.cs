using AptP2P.Host.Proxy.Requests;
using Xunit;

namespace AptP2P.Host.Tests.Proxy.Requests;

public sealed class RequestTargetTests
{
    [Theory]
    [InlineData("/ftp.us.debian.org/debian/x", "http", "ftp.us.debian.org", 80, "/debian/x")]
    [InlineData("/FTP.us.debian.org/debian/X", "http", "ftp.us.debian.org", 80, "/debian/X")]
    [InlineData("/localhost:8080/debian/x", "http", "localhost", 8080, "/debian/x")]
    [InlineData("/localhost/debian/x", "http", "localhost", 80, "/debian/x")]
    [InlineData("/[::1]:8080/x", "http", "[::1]", 8080, "/x")]
    [InlineData("/192.0.2.1/x", "http", "192.0.2.1", 80, "/x")]
    [InlineData("/https/ftp.us.debian.org/debian/x", "https", "ftp.us.debian.org", 443, "/debian/x")]
    [InlineData("/HTTPS///ftp.us.debian.org/debian/x", "https", "ftp.us.debian.org", 443, "/debian/x")]
    [InlineData("/ftp.us.debian.org", "http", "ftp.us.debian.org", 80, "/")]
    [InlineData("/ftp.us.debian.org/a%2bb%7e1+c~d", "http", "ftp.us.debian.org", 80, "/a%2bb%7e1+c~d")]
    [InlineData("/ftp.us.debian.org/./x.deb?y=1", "http", "ftp.us.debian.org", 80, "/./x.deb?y=1")]
    [InlineData("//ftp.us.debian.org/debian//x", "http", "ftp.us.debian.org", 80, "/debian//x")]
    [InlineData("/mirror/debian/x", "http", "mirror", 80, "/debian/x")]
    [InlineData("/ftp.us.debian.org/a/../b%2bc", "http", "ftp.us.debian.org", 80, "/b%2bc")]
    [InlineData("/ftp.us.debian.org/a/b/%2E%2e/./c?d/../e", "http", "ftp.us.debian.org", 80, "/a/c?d/../e")]
    [InlineData("/ftp.us.debian.org/a/b/..", "http", "ftp.us.debian.org", 80, "/a/")]
    [InlineData("/ftp.us.debian.org/a..b/..c", "http", "ftp.us.debian.org", 80, "/a..b/..c")]
    [InlineData("http://HTTPS///ftp.us.debian.org/debian/x", "https", "ftp.us.debian.org", 443, "/debian/x")]
    [InlineData("http://self:9977/HTTPS///ftp.us.debian.org/x", "https", "ftp.us.debian.org", 443, "/x")]
    [InlineData("http://ftp.us.debian.org/debian/x", "http", "ftp.us.debian.org", 80, "/debian/x")]
    [InlineData("HTTP://FTP.US.DEBIAN.ORG:8000/debian/x", "http", "ftp.us.debian.org", 8000, "/debian/x")]
    [InlineData("http://ftp.us.debian.org?x", "http", "ftp.us.debian.org", 80, "/?x")]
    [InlineData("http://self:9977/ftp.us.debian.org/debian/x", "http", "ftp.us.debian.org", 80, "/debian/x")]
    public void Parse_AFile_ItsOriginAndExactPath(string raw, string scheme, string host, int port, string path)
    {
        var upstream = Assert.IsType<RequestTarget.Upstream>(Parse(raw));

        Assert.Equal((scheme, host, port, path), (upstream.Scheme, upstream.Host, upstream.Port, upstream.RawPath));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/?x")]
    [InlineData("/p2p/status")]
    [InlineData("/.well-known/ni/sha-256/x")]
    [InlineData("http://self:9977/p2p/status")]
    public void Parse_APathOfOurs_IsOwn(string raw) => Assert.IsType<RequestTarget.Own>(Parse(raw));

    [Theory]
    [InlineData("/.well-known/../")]
    [InlineData("/.well-known/..")]
    [InlineData("/.well-known/..?x")]
    [InlineData("/.well-known/%2e%2e/p2p/status")]
    [InlineData("/.well-known/ni/../../p2p/status")]
    [InlineData("/.well-known/..%2fp2p/status")]
    [InlineData("/.well-known/..//p2p/status")]
    [InlineData("/p2p/%73tatus")]
    [InlineData("/p2p//status")]
    [InlineData("//")]
    [InlineData("//p2p/status")]
    [InlineData("/./")]
    [InlineData("/..")]
    public void Parse_ADetourToAPathOfOurs_IsNowhere(string raw) => Assert.Equal(404, Assert.IsType<RequestTarget.Bad>(Parse(raw)).Status);

    [Theory]
    [InlineData("/debian")]
    [InlineData("/de*bian/x")]
    [InlineData("/ftp.us.debian.org/../x")]
    [InlineData("/ftp.us.debian.org/%2e%2e/x")]
    [InlineData("/ftp.us.debian.org/%2E./x")]
    [InlineData("/ftp.us.debian.org/x/../../y")]
    [InlineData("/ftp.us.debian.org/x/..%2fy")]
    [InlineData("/ftp.us.debian.org/x%00")]
    [InlineData("/ftp.us.debian.org/x\u00e9")]
    [InlineData("/ftp.us.debian.org/x y")]
    [InlineData("/ftp.us.debian.org/x#y")]
    [InlineData("/ftp.us.debian.org:0/x")]
    [InlineData("/ftp.us.debian.org:99999/x")]
    [InlineData("/ftp.us.debian.org:8x/x")]
    [InlineData("http://user:secret@ftp.us.debian.org/x")]
    [InlineData("http:///x")]
    [InlineData("ftp://ftp.us.debian.org/x")]
    [InlineData("ftp.us.debian.org:443")]
    [InlineData("*")]
    [InlineData("")]
    public void Parse_Nonsense_SaysWhy(string raw) => Assert.NotEmpty(Assert.IsType<RequestTarget.Bad>(Parse(raw)).Reason);

    [Theory]
    [InlineData("/mirror/debian/x", true)]
    [InlineData("/mirror:8080/debian/x", true)]
    [InlineData("/localhost/debian/x", false)]
    [InlineData("/ftp.us.debian.org/debian/x", false)]
    [InlineData("/[::1]/x", false)]
    [InlineData("http://mirror/debian/x", false)]
    public void Parse_AWordOfThePath_MayBeAMistake(string raw, bool isBare) =>
        Assert.Equal(isBare, Assert.IsType<RequestTarget.Upstream>(Parse(raw)).IsBareName);

    [Fact]
    public void ParsePlain_APath_IsTheArchives()
    {
        var expected = new RequestTarget.Upstream("http", "archive", 80, "/p2p/%2b", false) { IsTransparent = true };
        Assert.Equal(expected, RequestTarget.ParsePlain("/p2p/%2b", "archive", 80));
        Assert.IsType<RequestTarget.Bad>(RequestTarget.ParsePlain("/../x", "archive", 80));
    }

    [Fact]
    public void Parse_AnyText_IsATargetAndNeverThrows()
    {
        var random = new Random(1);
        const string Alphabet = "/.:%#?@[]htps02fFeE\\ \0localhost~+é";
        for (var run = 0; run < 100_000; run++)
        {
            var raw = new string([.. Enumerable.Range(0, random.Next(20)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            if (Parse(
                    (random.Next(3), raw) switch
                    {
                        (0, _) => "/" + raw,
                        (1, _) => "http://" + raw,
                        _ => raw,
                    })
                is RequestTarget.Upstream upstream)
            {
                Assert.StartsWith("/", upstream.RawPath, StringComparison.Ordinal);
                Assert.InRange(upstream.Port, 1, 65535);
                Assert.NotNull(upstream.ToOrigin(OriginReach.Public).ToUri());
            }
        }
    }

    private static RequestTarget Parse(string raw) =>
        RequestTarget.Parse(raw, (host, port) => host == "self" && port == 9977, "http://self:9977");
}
