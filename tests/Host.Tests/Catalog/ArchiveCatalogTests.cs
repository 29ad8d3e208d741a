using AptP2P.Host.Catalog;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Catalog;

public sealed class ArchiveCatalogTests : IDisposable
{
    private const string Suite = "http://deb.example/debian/dists/bookworm/";

    private readonly CatalogUnderTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Identify_PoolFileOfALearnedIndex_KnowsItUnderEachEncoding()
    {
        var hash = Hash("a");
        Assert.Equal(new LearnResult(LearnOutcome.Learned, 1), await _test.LearnAsync(Suite, "main/binary-amd64/Packages", Packages(("pool/main/g/g++_1+2~3.deb", hash, 5_000_000_000))));

        foreach (var path in (string[])["pool/main/g/g++_1+2~3.deb", "pool/main/g/g%2b%2b_1%2b2%7e3.deb", "pool/main/g/g%2B%2b_1%2b2~3.deb", "./pool/x/../main/g/g++_1+2~3.deb"])
        {
            var origin = Origin("http://deb.example/debian/" + path);
            var content = _test.Catalog.Identify(origin);
            Assert.Equal((hash, 5_000_000_000), (content?.Hash, content?.Length));
            Assert.Equal(origin, Assert.Single(content!.Origins));
        }
    }

    [Theory]
    [InlineData("https://deb.example/debian/pool/a.deb")]
    [InlineData("http://deb.example:8080/debian/pool/a.deb")]
    [InlineData("http://other.example/debian/pool/a.deb")]
    [InlineData("http://deb.example/ubuntu/pool/a.deb")]
    [InlineData("http://deb.example/debian/pool/a.deb?x")]
    [InlineData("http://deb.example/debian/pool/A.deb")]
    [InlineData("http://deb.example/debian/pool%2fa.deb")]
    public async Task Identify_AnotherPlace_IsUnknown(string url)
    {
        await _test.LearnAsync(Suite, "main/binary-amd64/Packages", Packages(("pool/a.deb", Hash("a"), 1)));
        Assert.NotNull(_test.Catalog.Identify(Origin("http://deb.example/debian/pool/a.deb")));
        Assert.Null(_test.Catalog.Identify(Origin(url)));
    }
}
