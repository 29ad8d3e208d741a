using System.Text;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Catalog.Metadata;
using AptP2P.Host.Tests.Catalog.Decompression;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Catalog.Learning;

/// <summary>Archives without a Release, or with one that names nothing: their Packages is learned as it passes.</summary>
public sealed class UnnamedIndexTests : IDisposable
{
    private const string Flat = "http://deb.example/repo/";
    private static readonly byte[] Silent = Encoding.UTF8.GetBytes("Origin: o\nSuite: s\n");

    private readonly CatalogUnderTest _test = new();
    private readonly PassingFiles _passing;

    public UnnamedIndexTests() => _passing = new PassingFiles(_test);

    public void Dispose()
    {
        _passing.Dispose();
        _test.Dispose();
    }

    [Theory]
    [InlineData(Flat, Flat + "Packages", "./a.deb", Flat + "./a.deb")]
    [InlineData(Suite, Suite + IndexName, "pool/a.deb", "http://deb.example/debian/pool/a.deb")]
    public async Task Packages_NoReleaseNamesAnything_ItsFilesAreKnownAndItIsNot(string release, string index, string filename, string deb)
    {
        foreach (var version in (string[])["1", "2"])
        {
            await _passing.PassAsync(release + "Release", Silent);
            await _passing.PassAsync(index, Packages((filename, Hash(version), 1)));
            Assert.Equal(LearnOutcome.Learned, _passing.Outcome);
            Assert.Equal(Hash(version), _test.Catalog.Identify(Origin(deb))?.Hash);
            Assert.Null(_test.Catalog.Identify(Origin(index))); // nobody says that it is still the same
        }

        await _passing.PassAsync(release + "Release", Silent);
        await _passing.PassAsync(index, Packages((filename, Hash("2"), 1)));
        Assert.Equal(LearnOutcome.Known, _passing.Outcome);
        Assert.Equal(Hash("2"), _test.Catalog.Identify(Origin(deb))?.Hash);
    }

    [Theory]
    [InlineData("/repo/Release", Flat + "Packages", "a.deb", Flat + "a.deb", false)]
    [InlineData("/debian/dists/bookworm/Release", Suite + IndexName, "pool/a.deb", "http://deb.example/debian/pool/a.deb", false)]
    [InlineData("/other/Release", Flat + "Packages", "a.deb", Flat + "a.deb", true)]
    public async Task Packages_AptWouldAskForASignature_KnownAndNotVouchedFor(
        string release, string index, string filename, string deb, bool isVouchedFor)
    {
        await using var draft = new MetadataCopies(_test.Folder, NullLogger<MetadataCopies>.Instance)
            .Begin(Origin(index), new MetadataHeaders { Date = DateTimeOffset.UnixEpoch }, hasAuthorization: false)!;
        await draft.WriteAsync(Packages((filename, Hash("1"), 1)), Cancellation);

        await _test.Learning.LearnPassedAsync(draft.Passed!, of => of.Path == release, Cancellation);

        var content = _test.Catalog.Identify(Origin(deb));
        Assert.Equal(Hash("1"), content?.Hash);
        Assert.Equal(isVouchedFor, _test.Trust.IsVouchedFor(content!));
    }

    [Fact]
    public async Task Packages_AnotherCompressionPasses_TheLastCounts()
    {
        await _passing.PassAsync(Flat + "Packages", Packages(("a.deb", Hash("1"), 1)));
        await _passing.PassAsync(Flat + "Packages.gz", await CompressedFileTests.CompressAsync("gzip", Packages(("a.deb", Hash("2"), 1))));
        Assert.Equal(Hash("2"), _test.Catalog.Identify(Origin(Flat + "a.deb"))?.Hash);
        await _passing.PassAsync(Flat + "Packages", Packages(("a.deb", Hash("3"), 1)));
        Assert.Equal(Hash("3"), _test.Catalog.Identify(Origin(Flat + "a.deb"))?.Hash);
    }

    [Theory]
    [InlineData(Flat + "Packages", "<html>\n<a href='http://portal.example/'>Sign in</a>\n</html>", "NoIndex")]
    [InlineData(Flat + "Translation-en", "Filename: a.deb\nSize: 1\nSHA256: HASH\n", "Unnamed")]
    [InlineData(Flat + "by-hash/SHA256/HASH", "Filename: a.deb\nSize: 1\nSHA256: HASH\n", "Unnamed")]
    [InlineData(Flat + "Packages", "Filename: ../../a.deb\nSize: 1\nSHA256: HASH\n", "Learned")]
    public async Task Packages_NoneOrOfElsewhere_NothingIsKnown(string url, string text, string outcome)
    {
        await _passing.PassAsync(
            url.Replace("HASH", Hash("x").ToString()), Encoding.UTF8.GetBytes(text.Replace("HASH", Hash("a").ToString())));
        Assert.Equal(outcome, _passing.Outcome.ToString());
        Assert.Null(_test.Catalog.Identify(Origin(Flat + "a.deb")));
        Assert.Null(_test.Catalog.Identify(Origin("http://deb.example/a.deb")));
    }

    [Theory]
    [InlineData(Flat, "Packages", "a.deb", Flat + "a.deb")]
    [InlineData(Suite, IndexName, "pool/a.deb", "http://deb.example/debian/pool/a.deb")]
    public async Task Release_NamesTheIndex_WhatHasPassedCountsNoMore(string suite, string index, string filename, string deb)
    {
        await _passing.PassAsync(suite + index, Packages((filename, Hash("hearsay"), 1)));
        var named = Packages((filename, Hash("named"), 1));
        await _passing.PassAsync(suite + "Release", Release((index, named)));
        Assert.Null(_test.Catalog.Identify(Origin(deb)));

        await _passing.PassAsync(suite + index, Packages((filename, Hash("hearsay"), 1)));
        Assert.Equal(LearnOutcome.Unnamed, _passing.Outcome);
        Assert.Null(_test.Catalog.Identify(Origin(deb)));

        await _passing.PassAsync(suite + index, named);
        Assert.Equal(Hash("named"), _test.Catalog.Identify(Origin(deb))?.Hash);
        Assert.Equal(ContentHash.Of(named), _test.Catalog.Identify(Origin(suite + index))?.Hash);
    }

    [Fact]
    public async Task Release_NamesNothingAnyMore_ItsIndexCountsNoMore()
    {
        var named = Packages(("a.deb", Hash("old"), 1));
        await _passing.PassAsync(Flat + "Release", Release(("Packages", named)));
        await _passing.PassAsync(Flat + "Packages", named);
        Assert.NotNull(_test.Catalog.Identify(Origin(Flat + "a.deb")));

        await _passing.PassAsync(Flat + "Release", Silent);
        Assert.Null(_test.Catalog.Identify(Origin(Flat + "a.deb")));
        await _passing.PassAsync(Flat + "Packages", Packages(("a.deb", Hash("new"), 1)));
        Assert.Equal(Hash("new"), _test.Catalog.Identify(Origin(Flat + "a.deb"))?.Hash);
        await _passing.PassAsync(Flat + "Release", Silent);
        Assert.Equal(Hash("new"), _test.Catalog.Identify(Origin(Flat + "a.deb"))?.Hash);
    }

    [Fact]
    public async Task HasPassed_IndexOfADate_OnlyTheLastThatNoReleaseNames()
    {
        var (index, date) = (Packages(("a.deb", Hash("a"), 1)), DateTimeOffset.UnixEpoch.AddDays(20_000));
        Assert.False(_test.Catalog.HasPassed(Origin(Flat + "Packages"), date));
        foreach (var modified in (DateTimeOffset[])[date, date.AddDays(1)])
        {
            await _passing.PassAsync(Flat + "Packages", index, modified);
            Assert.True(_test.Catalog.HasPassed(Origin(Flat + "Packages"), modified));
        }

        Assert.False(_test.Catalog.HasPassed(Origin(Flat + "Packages"), date));
        await _passing.PassAsync(Flat + "Release", Release(("Packages", index)));
        Assert.False(_test.Catalog.HasPassed(Origin(Flat + "Packages"), date.AddDays(1)));
    }
}
