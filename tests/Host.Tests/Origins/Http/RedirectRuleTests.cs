using System.Net;
using AptP2P.Host.Origins.Http;
using Xunit;

namespace AptP2P.Host.Tests.Origins.Http;

public sealed class RedirectRuleTests
{
    private static readonly Uri Here = RedirectRule.Exactly("http://archive.test:81/debian/pool/a%7e1.deb?x=/y")!;

    [Theory]
    [InlineData("http://mirror.test/b.deb", "http://mirror.test/b.deb")]
    [InlineData("HTTPS://Mirror.Test:8443/b.deb", "https://mirror.test:8443/b.deb")]
    [InlineData("http://mirror.test", "http://mirror.test/")]
    [InlineData("http://mirror.test?a=b", "http://mirror.test/?a=b")]
    [InlineData("//mirror.test/b.deb", "http://mirror.test/b.deb")]
    [InlineData("/b.deb", "http://archive.test:81/b.deb")]
    [InlineData("b.deb", "http://archive.test:81/debian/pool/b.deb")]
    [InlineData("./b.deb", "http://archive.test:81/debian/pool/b.deb")]
    [InlineData("../b.deb?c=d", "http://archive.test:81/debian/b.deb?c=d")]
    [InlineData("../../../../b.deb", "http://archive.test:81/b.deb")]
    [InlineData("b/c:d", "http://archive.test:81/debian/pool/b/c:d")]
    [InlineData("?sig=%7E", "http://archive.test:81/debian/pool/a%7e1.deb?sig=%7E")]
    [InlineData("/b.deb#part", "http://archive.test:81/b.deb")]
    public void Next_AnyForm_LeadsThere(string location, string address) => Assert.Equal(address, Address(Next(location)));

    [Theory]
    [InlineData("/store/lib%7Ex/./y%2Bz?sig=%7Eab%2Fc")]
    [InlineData("/g%2b+~%7e//x/../y/./z%2F")]
    [InlineData("/%41%zz%?%%")]
    [InlineData("/a|b\"<>^`{}")]
    public void Next_Path_IsNotTouched(string path)
    {
        Assert.Equal(path, Next(path).PathAndQuery);
        Assert.Equal(path, Next("http://mirror.test" + path).PathAndQuery);
    }

    [Theory]
    [InlineData("/with space", "/with%20space")]
    [InlineData("/\u00e4%20\t~", "/%E4%20%09~")]
    [InlineData("/back\\slash", "/back%5Cslash")]
    public void Next_WhatNoAddressMayHold_IsEncoded(string location, string path) => Assert.Equal(path, Next(location).PathAndQuery);

    [Theory]
    [InlineData("")]
    [InlineData("#part")]
    [InlineData("http://")]
    [InlineData("http:///x")]
    [InlineData("http:/x")]
    [InlineData("http://a b/x")]
    [InlineData("http://mirror.test:99999/x")]
    [InlineData("//")]
    [InlineData("ftp://mirror.test/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("mailto:webmaster@mirror.test")]
    [InlineData("javascript:alert(1)")]
    public void Next_NoAddress_IsNotImplemented(string location) =>
        Assert.Equal(501, Assert.Throws<RedirectException>(() => Next(location)).Status);

    [Fact]
    public void Next_NoLocation_SaysSo()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.Found);

        Assert.Equal(
            "archive.test:81 answers 302 with no address that could be asked (no Location)",
            Assert.Throws<RedirectException>(() => RedirectRule.Next(response, Here)).Message);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(305)]
    [InlineData(306)]
    [InlineData(399)]
    public void Next_AnotherStatus_IsNotImplemented(int status)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status) { Headers = { Location = new Uri("http://mirror.test/") } };

        Assert.True(RedirectRule.IsRedirect(response.StatusCode));
        Assert.Equal(501, Assert.Throws<RedirectException>(() => RedirectRule.Next(response, Here)).Status);
    }

    [Fact]
    public void IsRedirect_NotModified_IsNone() => Assert.False(RedirectRule.IsRedirect(HttpStatusCode.NotModified));

    [Fact]
    public void Next_TooLong_IsNotImplemented() =>
        Assert.Equal(501, Assert.Throws<RedirectException>(() => Next("/" + new string('x', 9000))).Status);

    [Theory]
    [InlineData("http://user:pw@mirror.test/x")]
    [InlineData("http://mirror.test\\@archive.test/x")]
    [InlineData("http://user@archive.test:81/x")]
    [InlineData("//user:pw@archive.test:81/x")]
    public void Next_APasswordInTheAddress_IsForbidden(string location) =>
        Assert.Equal(403, Assert.Throws<RedirectException>(() => Next(location)).Status);

    [Fact]
    public void Next_FromHttpsToHttp_IsForbidden() =>
        Assert.Contains(
            "from https to http",
            Assert.Throws<RedirectException>(() => Next("http://archive.test/x", RedirectRule.Exactly("https://archive.test/x"))).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("http://archive.test:81/x", true)]
    [InlineData("http://ARCHIVE.test:81/x", true)]
    [InlineData("http://archive.test/x", false)]
    [InlineData("https://archive.test:81/x", false)]
    [InlineData("http://www.archive.test:81/x", false)]
    public void Repeat_WhatIsConfidential_GoesToTheSamePlaceOnly(string next, bool isSame)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, Here);
        request.Headers.TryAddWithoutValidation("Authorization", "Basic Zm9vOmJhcg==");
        request.Headers.TryAddWithoutValidation("Cookie", "a=b");
        request.Headers.TryAddWithoutValidation("If-Modified-Since", "yesterday");
        request.Headers.Host = "archive.test:81";

        using var again = RedirectRule.Repeat(request, RedirectRule.Exactly(next)!);

        Assert.Equal(HttpMethod.Head, again.Method);
        Assert.Equal(isSame, again.Headers.NonValidated.Contains("Authorization"));
        Assert.Equal(isSame, again.Headers.NonValidated.Contains("Cookie"));
        Assert.Equal("yesterday", again.Headers.NonValidated["If-Modified-Since"].ToString());
        Assert.Null(again.Headers.Host); // the address has it
    }

    private static Uri Next(string location, Uri? from = null)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.Found);
        response.Headers.TryAddWithoutValidation("Location", location);
        return RedirectRule.Next(response, from ?? Here);
    }

    private static string Address(Uri uri) => $"{uri.Scheme}://{uri.Authority}{uri.PathAndQuery}";
}
