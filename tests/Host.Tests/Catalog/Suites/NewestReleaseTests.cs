using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Catalog.Signatures;
using AptP2P.Host.Databases;
using AptP2P.Host.Origins.Mirrors;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Catalog.Suites;

/// <summary>A path answers from what the newest Release of a suite names, and from nothing else.</summary>
public sealed class NewestReleaseTests : IDisposable
{
    private const string File = "pool/a.deb";
    private const string Url = "http://deb.example/debian/" + File;
    private const string Before = "Date: Fri, 20 Nov 2015  2:27:59 UTC\n";
    private const string After = "Date: Fri, 20 Nov 2015 08:00:00 +0000\n";

    private readonly CatalogUnderTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Identify_NewReleaseWhoseIndexIsNotReadYet_IsUnknownUntilItIs()
    {
        await _test.LearnAsync(Suite, IndexName, Index("old"));
        await ReleaseAsync(Suite, null, Index("new"));
        Assert.Null(Identify());

        await ReadAsync(Suite, Index("new"));
        Assert.Equal(Hash("new"), Identify());
    }

    [Fact]
    public async Task Identify_NewReleaseWithTheSameIndex_IsStillKnown()
    {
        await _test.LearnAsync(Suite, IndexName, Index("a"));
        await _test.Learning.LearnReleaseAsync(
            Origin(Suite + "InRelease"), Release((IndexName, Index("a")), ("contrib/Contents", [1])), Cancellation);
        Assert.Equal(Hash("a"), Identify());
    }

    [Fact]
    public async Task Identify_ReleaseThatDropsTheIndex_IsUnknown()
    {
        await _test.LearnAsync(Suite, IndexName, Index("a"));
        await _test.Learning.LearnReleaseAsync(Origin(Suite + "InRelease"), Release(("contrib/Contents", [1])), Cancellation);
        Assert.Null(Identify());
        Assert.Null(_test.Catalog.Identify(Origin(Suite + IndexName)));
    }

    [Fact]
    public async Task Identify_EarlierStateComesBack_IsKnownOnceItIsReadAgain()
    {
        await _test.LearnAsync(Suite, IndexName, Index("one"));
        await _test.LearnAsync(Suite, IndexName, Index("two"));
        await ReleaseAsync(Suite, null, Index("one"));
        Assert.Null(Identify());
        Assert.Equal(LearnOutcome.Learned, (await ReadAsync(Suite, Index("one"))).Outcome);
        Assert.Equal(Hash("one"), Identify());
    }

    [Fact]
    public async Task LearnIndexAsync_OfAnOlderRelease_IsNotRead()
    {
        await ReleaseAsync(Suite, null, Index("old"));
        await _test.LearnAsync(Suite, IndexName, Index("new"));
        Assert.Equal(LearnOutcome.Unnamed, (await ReadAsync(Suite, Index("old"))).Outcome);
        Assert.Equal(
            LearnOutcome.Unnamed,
            (await _test.LearnIndexAsync($"{Suite}main/binary-amd64/by-hash/SHA256/{ContentHash.Of(Index("old"))}", Index("old"))).Outcome);
        Assert.Equal(Hash("new"), Identify());
    }

    [Fact]
    public async Task LearnReleaseAsync_OlderByDate_OnlyItsByHashNamesAreKnown()
    {
        await ReleaseAsync(Suite, After, Index("new"));
        await ReadAsync(Suite, Index("new"));
        for (var times = 0; times < 2; times++)
        {
            await ReleaseAsync(Suite, Before, Index("old"));
        }

        Assert.Equal(Hash("new"), Identify());
        Assert.Equal(ContentHash.Of(Index("new")), _test.Catalog.Identify(Origin(Suite + IndexName))?.Hash);
        Assert.NotNull(_test.Catalog.Identify(Origin($"{Suite}main/binary-amd64/by-hash/SHA256/{ContentHash.Of(Index("old"))}")));
        Assert.Equal(2, _test.Database.Reader.Scalar<long>("SELECT count(*) FROM release"));
    }

    [Fact]
    public async Task LearnReleaseAsync_DateInTheFuture_DoesNotCount()
    {
        await ReleaseAsync(Suite, "Date: Mon, 01 Jan 2046 00:00:00 UTC\n", Index("forged"));
        await ReleaseAsync(Suite, Before, Index("a"));
        await ReadAsync(Suite, Index("a"));
        Assert.Equal(Hash("a"), Identify());
    }

    [Fact]
    public async Task Identify_AnotherSuiteStillNamesTheFile_IsKnown()
    {
        await _test.LearnAsync(Suite, IndexName, Index("a"));
        await _test.LearnAsync("http://deb.example/debian/dists/sid/", IndexName, Index("a"));
        await ReleaseAsync(Suite, null, Packages(("pool/b.deb", Hash("b"), 1)));
        Assert.Equal(Hash("a"), Identify());
    }

    [Fact]
    public async Task Identify_TwoSuitesThatDisagree_IsUnknownUntilTheyAgree()
    {
        await _test.LearnAsync(Suite, IndexName, Index("one"));
        await _test.LearnAsync("http://deb.example/debian/dists/sid/", IndexName, Index("two"));
        Assert.Null(Identify());

        await _test.LearnAsync(Suite, IndexName, Index("two"));
        Assert.Equal(Hash("two"), Identify());
    }

    [Theory]
    [InlineData(Before, After, "passed")]
    [InlineData(After, Before, "listed")]
    [InlineData(null, null, "passed")] // the last that was learned
    public async Task Identify_AptsListsAndWhatPassed_TheNewerCounts(string? listed, string? passed, string expected)
    {
        await ListAsync(listed, Index("listed"));
        Assert.Equal(Hash("listed"), Identify());
        await ReleaseAsync(Suite, passed, Index("passed"));
        Assert.Equal(expected == "listed" ? Hash("listed") : null, Identify());
        await ReadAsync(Suite, Index("passed"));
        Assert.Equal(Hash(expected), Identify());
        Assert.Equal(ContentHash.Of(Index(expected)), _test.Catalog.Identify(Origin(Suite + IndexName))?.Hash);
    }

    [Fact]
    public async Task Identify_WhatPassedIsNewerButForged_AptsListsCount()
    {
        await ListAsync(Before, Index("listed"));
        Assert.True(ArchivePath.TryParse(Origin(Suite + "InRelease"), out var path, out _));
        await _test.Learning.LearnReleaseAsync(
            path, Release(After, (IndexName, Index("forged"))), ReleaseTrust.Bad, settles: false, Cancellation);
        await ReadAsync(Suite, Index("forged"));
        Assert.Equal(Hash("listed"), Identify());
    }

    [Fact]
    public async Task Identify_AptsListsBecomeNewer_TheOldIsUnknown()
    {
        await ReleaseAsync(Suite, Before, Index("old"));
        await ReadAsync(Suite, Index("old"));
        await ListAsync(After, Index("new"));
        Assert.Equal(Hash("new"), Identify());
        Assert.Equal(Hash("new"), _test.Catalog.Identify(Origin(Url.Replace("http", "https")))?.Hash);
    }

    [Fact]
    public async Task Identify_AptsListsOfTheSameState_AreEnough()
    {
        await ListAsync(Before, Index("a"));
        await ReleaseAsync(Suite, Before, Index("a"));
        Assert.Equal(Hash("a"), Identify());
        Assert.Equal(LearnOutcome.Known, (await ReadAsync(Suite, Index("a"))).Outcome);
    }

    [Fact]
    public async Task Identify_PlainNameOfAnIndex_IsWhatTheNewestReleaseNames()
    {
        await ReleaseAsync(Suite, null, Index("old"));
        await ReleaseAsync(Suite, "Acquire-By-Hash: yes\n", Index("new"));
        _test.Origins.Mirrors = [MirrorGroup.Parse("deb.example/debian mirror.example/d", null)];
        var content = _test.Catalog.Identify(Origin(Suite + IndexName));

        var byHash = $"dists/bookworm/main/binary-amd64/by-hash/SHA256/{ContentHash.Of(Index("new"))}";
        Assert.Equal((ContentHash.Of(Index("new")), Index("new").Length), (content?.Hash, content?.Length));
        Assert.Equal(
            [
                "http://deb.example/debian/dists/bookworm/" + IndexName,
                "http://deb.example/debian/" + byHash,
                "http://mirror.example/d/dists/bookworm/" + IndexName,
                "http://mirror.example/d/" + byHash,
            ],
            content!.Origins.Select(origin => origin.ToString()));
        Assert.True(_test.Catalog.IsPlainIndex(Origin(Suite + IndexName)) && _test.Catalog.IsIndex(Origin(Suite + IndexName)));
        Assert.False(_test.Catalog.IsIndex(Origin(Url)));
    }

    [Fact]
    public async Task Identify_PlainNameWithoutByHash_IsOnlyAtItsName()
    {
        await ReleaseAsync(Suite, null, Index("a"));
        Assert.Equal(Suite + IndexName, Assert.Single(_test.Catalog.Identify(Origin(Suite + IndexName))!.Origins).ToString());
    }

    [Fact]
    public async Task Identify_ReleaseThatAReleaseNames_IsUnknown()
    {
        await _test.Learning.LearnReleaseAsync(
            Origin("http://deb.example/Release"), Release(("debian/dists/bookworm/InRelease", [1])), Cancellation);
        Assert.Null(_test.Catalog.Identify(Origin(Suite + "InRelease")));
    }

    [Fact]
    public async Task Identify_SupersededElsewhere_IsNoOrigin()
    {
        await _test.LearnAsync(Suite, IndexName, Index("a"));
        await _test.LearnAsync("http://other.example/debian/dists/sid/", IndexName, Index("a"));
        Assert.Equal(2, _test.Catalog.Identify(Origin(Url))!.Origins.Length);
        await ReleaseAsync("http://other.example/debian/dists/sid/", null, Index("b"));
        Assert.Single(_test.Catalog.Identify(Origin(Url))!.Origins);
    }

    private static byte[] Index(string content) => Packages((File, Hash(content), 1));

    private ContentHash? Identify() => _test.Catalog.Identify(Origin(Url))?.Hash;

    private Task<LearnResult> ReleaseAsync(string suite, string? fields, byte[] index) =>
        _test.Learning.LearnReleaseAsync(Origin(suite + "InRelease"), Release(fields, (IndexName, index)), Cancellation);

    private Task<LearnResult> ReadAsync(string suite, byte[] index) => _test.LearnIndexAsync(suite + IndexName, index);

    /// <summary>As from apt's lists, which do not tell their scheme.</summary>
    private async Task ListAsync(string? fields, byte[] index)
    {
        var release = new ArchivePath(AptListName.UnknownScheme, "deb.example", 0, "/debian/dists/bookworm/InRelease");
        await _test.Learning.LearnReleaseAsync(
            release, Release(fields, (IndexName, index)), ReleaseTrust.Unknown, settles: false, Cancellation);
        var suite = _test.Suites.Find(release with { Path = release.Directory })!;
        await _test.Learning.LearnListAsync(
            release, _test.Indexes.FindCurrent(suite)[0], ContentHash.Of(index),
            () => ValueTask.FromResult<Stream>(new MemoryStream(index)), Cancellation);
    }
}
