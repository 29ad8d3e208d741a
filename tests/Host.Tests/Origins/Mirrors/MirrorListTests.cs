using AptP2P.Host.Origins.Mirrors;
using AptP2P.Testing;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Origins.Mirrors;

public sealed class MirrorListTests
{
    private readonly VirtualTime _time = new();

    [Theory]
    [InlineData(
        "http://a.example/debian/pool/x%2b1.deb",
        "http://a.example/debian/pool/x%2b1.deb http://b.example/pub/pool/x%2b1.deb https://c.example/pool/x%2b1.deb")]
    [InlineData("http://b.example/pub/dists/", "http://b.example/pub/dists/ http://a.example/debian/dists/ https://c.example/dists/")]
    [InlineData("https://a.example/debian/x", "https://a.example/debian/x https://b.example/pub/x https://c.example/x")]
    [InlineData("https://c.example/x", "https://c.example/x https://a.example/debian/x https://b.example/pub/x")]
    [InlineData("http://c.example/x", "http://c.example/x")] // listed for https alone
    [InlineData("http://a.example/debian-security/x", "http://a.example/debian-security/x")]
    [InlineData("http://a.example:81/debian/x", "http://a.example:81/debian/x")]
    [InlineData("http://z.example/debian/x", "http://z.example/debian/x")]
    public void Of_AFile_ItselfThenItsMirrors(string asked, string expected) =>
        Assert.Equal(expected, string.Join(' ', List("a.example/debian b.example/pub https://c.example").Of(Origin(asked))));

    [Fact]
    public void Of_FromHttps_NeverToHttp() =>
        Assert.Equal(
            ["https://c.example/x", "https://b.example/x"],
            List("https://c.example http://a.example b.example").Of(Origin("https://c.example/x")).Select(origin => origin.ToString()));

    [Fact]
    public void Of_AFile_KeepsWhatTheClientMayReach() =>
        Assert.All(List("a.example b.example").Of(Origin("http://a.example/x") with { Reach = OriginReach.Public }), origin =>
            Assert.Equal(OriginReach.Public, origin.Reach));

    [Fact]
    public void InTurn_AfterTrouble_ComesLastForATime()
    {
        var list = List("a.example b.example c.example");
        var asked = Origin("http://a.example/x");
        list.WasInTrouble(asked);

        Assert.Equal(["b.example", "c.example", "a.example"], list.InTurn(asked).Select(origin => origin.Host));
        Assert.Equal("a.example", list.Of(asked)[0].Host); // whom the client asked
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["a.example", "b.example", "c.example"], list.InTurn(asked).Select(origin => origin.Host));
    }

    private MirrorList List(string group)
    {
        var options = Options.Create(new FailoverOptions { Mirrors = [MirrorGroup.Parse(group, null)] });
        return new MirrorList(options, new OriginHealth(options, _time));
    }

    private static Origin Origin(string url) => Catalog.CatalogUnderTest.Origin(url);
}
