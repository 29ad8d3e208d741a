using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Catalog.Signatures;
using AptP2P.Host.Databases;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Catalog.Database;

/// <summary>An archive that gives more than all others together: what they have stays.</summary>
public sealed class CatalogQuotaTests : IDisposable
{
    private const long Full = 2 << 20;
    private const string Honest = "http://deb.example/debian/pool/f0_1_amd64.deb";

    private readonly CatalogUnderTest _test = new(fullBytes: Full);

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Learn_ManySuitesOfOneArchive_OthersStay()
    {
        await LearnHonestAsync();
        for (var number = 0; number < CatalogQuota.MaxSuites + 5; number++)
        {
            await _test.Learning.LearnReleaseAsync(
                Origin($"http://flood.example/{number}/InRelease"), Release(("Contents", [1])), Cancellation);
            _test.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.NotNull(_test.Catalog.Identify(Origin(Honest)));
        Assert.Equal(CatalogQuota.MaxSuites, _test.Database.Reader.Scalar<long>("SELECT count(*) FROM suite"));
        Assert.False(_test.Catalog.IsMetadata(Origin("http://flood.example/5/Contents")));
        Assert.True(_test.Catalog.IsMetadata(Origin($"http://flood.example/{CatalogQuota.MaxSuites}/Contents")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // the same suite's index with other names each time
    public async Task Learn_ManyFilesOfOneArchive_OthersStayAndTheCatalogIsBounded(bool isOneSuite)
    {
        await LearnHonestAsync();
        for (var number = 0; number < 20; number++)
        {
            await _test.LearnAsync($"http://flood.example/dists/{(isOneSuite ? 0 : number)}/", IndexName, Files(number, 2_000));
            _test.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.NotNull(_test.Catalog.Identify(Origin(Honest)));
        Assert.NotNull(_test.Catalog.Identify(Origin("http://flood.example/pool/19/f0_1_amd64.deb"))); // the last
        Assert.InRange(Used(), 1, Full);
    }

    [Fact]
    public async Task Learn_ManySmallArchives_TheOneThatIsSignedStays()
    {
        await LearnHonestAsync(ReleaseTrust.Good, files: 1_000); // the largest
        for (var number = 0; number < 60; number++)
        {
            await _test.LearnAsync($"http://flood{number}.example/dists/x/", IndexName, Files(number, 500));
        }

        Assert.NotNull(_test.Catalog.Identify(Origin(Honest)));
        Assert.InRange(Used(), 1, Full);
    }

    private static byte[] Files(int number, int count) =>
        Packages([.. Enumerable.Range(0, count).Select(file => ($"pool/{number}/f{file}_1_amd64.deb", Hash($"{number} {file}"), 1L))]);

    private async Task LearnHonestAsync(ReleaseTrust trust = ReleaseTrust.Unknown, int files = 10)
    {
        var index = Packages([.. Enumerable.Range(0, files).Select(file => ($"pool/f{file}_1_amd64.deb", Hash($"{file}"), 1L))]);
        await _test.Learning.LearnReleaseAsync(
            new("http", "deb.example", 80, "/debian/dists/bookworm/InRelease"), Release((IndexName, index)), trust, settles: false,
            Cancellation);
        await _test.LearnIndexAsync(Suite + IndexName, index);
        _test.Time.Advance(TimeSpan.FromSeconds(1));
    }

    private long Used() =>
        (_test.Database.Writer.Scalar<long>("PRAGMA page_count") - _test.Database.Writer.Scalar<long>("PRAGMA freelist_count")) * 4096;
}
