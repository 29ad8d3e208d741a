using System.Text;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Origins.Mirrors;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Catalog.Identifying;

/// <summary>What a catalog says of an address.</summary>
public sealed class ArchiveCatalogTests : IDisposable
{
    private readonly CatalogUnderTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Identify_PoolFileOfALearnedIndex_KnowsItUnderEachEncoding()
    {
        var hash = Hash("a");
        Assert.Equal(
            new LearnResult(LearnOutcome.Learned, 1),
            await _test.LearnAsync(Suite, IndexName, Packages(("pool/main/g/g++_1+2~3.deb", hash, 5_000_000_000))));

        foreach (
            var path in (string[])
                [
                    "pool/main/g/g++_1+2~3.deb",
                    "pool/main/g/g%2b%2b_1%2b2%7e3.deb",
                    "pool/main/g/g%2B%2b_1%2b2~3.deb",
                    "./pool/x/../main/g/g++_1+2~3.deb",
                ])
        {
            var origin = Origin("http://deb.example/debian/" + path);
            var content = _test.Catalog.Identify(origin);
            Assert.Equal((hash, 5_000_000_000), (content?.Hash, content?.Length));
            Assert.Equal(origin, Assert.Single(content!.Origins));
        }
    }

    [Fact]
    public async Task Identify_AnotherArchiveNamesTheSameFile_IsAnOriginToo()
    {
        await _test.LearnAsync(
            Suite, IndexName, Packages(("pool/a+1.deb", Hash("a"), 1), ("pool/b.deb", Hash("b"), 1), ("pool/c.deb", Hash("c"), 1)));
        await _test.LearnAsync(
            "http://other.example/pub/debian/dists/bookworm/", IndexName,
            Packages(("pool/a+1.deb", Hash("a"), 1), ("pool/b.deb", Hash("another b"), 1)));
        await _test.LearnAsync("https://third.example/dists/sid/", IndexName, Packages(("pool/a+1.deb", Hash("a"), 1)));

        Assert.Equal(
            [
                "http://deb.example/debian/pool/a%2b1.deb",
                "http://other.example/pub/debian/pool/a%2B1.deb",
                "https://third.example/pool/a%2B1.deb",
            ],
            OriginsOf("http://deb.example/debian/pool/a%2b1.deb"));
        // another file by that name
        Assert.Equal(["http://deb.example/debian/pool/b.deb"], OriginsOf("http://deb.example/debian/pool/b.deb"));
        Assert.Equal(["http://deb.example/debian/pool/c.deb"], OriginsOf("http://deb.example/debian/pool/c.deb"));
        Assert.Equal(["https://third.example/pool/a+1.deb"], OriginsOf("https://third.example/pool/a+1.deb")); // never from https to http
    }

    [Fact]
    public async Task Identify_MirrorsListed_ComeBeforeOtherArchives()
    {
        await _test.LearnAsync(Suite, IndexName, Packages(("pool/a.deb", Hash("a"), 1), ("pool/b.deb", Hash("b"), 1)));
        await _test.LearnAsync(
            "http://other.example/dists/bookworm/", IndexName, Packages(("pool/a.deb", Hash("a"), 1), ("pool/b.deb", Hash("b"), 1)));
        _test.Origins.Mirrors = [MirrorGroup.Parse("deb.example/debian mirror.example/d", null)];

        Assert.Equal(
            ["http://deb.example/debian/pool/a.deb", "http://mirror.example/d/pool/a.deb", "http://other.example/pool/a.deb"],
            OriginsOf("http://deb.example/debian/pool/a.deb"));
        _test.Origins.UseKnown = false;
        Assert.Equal(2, OriginsOf("http://deb.example/debian/pool/b.deb").Count());
    }

    [Theory]
    [InlineData("https://deb.example/debian/pool/a.deb")]
    [InlineData("http://deb.example:8080/debian/pool/a.deb")]
    [InlineData("http://other.example/debian/pool/a.deb")]
    [InlineData("http://deb.example/ubuntu/pool/a.deb")]
    [InlineData("http://deb.example/debian/pool/a.deb?x")]
    [InlineData("http://deb.example/debian/pool/A.deb")]
    [InlineData("http://deb.example/debian/pool%2fa.deb")]
    [InlineData("http://deb.example/debian/../../debian/pool/a.deb")]
    public async Task Identify_AnotherPlace_IsUnknown(string url)
    {
        await _test.LearnAsync(Suite, IndexName, Packages(("pool/a.deb", Hash("a"), 1)));
        Assert.NotNull(_test.Catalog.Identify(Origin("http://deb.example/debian/pool/a.deb")));
        Assert.Null(_test.Catalog.Identify(Origin(url)));
    }

    [Theory]
    [InlineData("http://deb.example/repo/", "./x.deb", "http://deb.example/repo/./x.deb")]
    [InlineData("http://deb.example/repo/sub/", "x.deb", "http://deb.example/repo/sub/x.deb")]
    [InlineData("http://deb.example/", "x.deb", "http://deb.example/x.deb")]
    [InlineData("http://deb.example/debian/binary/", "binary/x.deb", "http://deb.example/debian/binary/x.deb")]
    [InlineData("http://deb.example/debian/binary/", "binary/x.deb", "http://deb.example/debian/binary/binary/x.deb")]
    [InlineData("http://deb.example/r/sub/all/", "./sub/all/x.deb", "http://deb.example/r/sub/all/x.deb")]
    [InlineData("http://deb.example/r/sub/all/", "all/y/x.deb", "http://deb.example/r/sub/all/y/x.deb")]
    [InlineData(
        "http://deb.example/debian-security/dists/bookworm-security/", "pool/updates/main/x.deb",
        "http://deb.example/debian-security/pool/updates/main/x.deb")]
    public async Task Identify_OtherLayouts_AreKnown(string suite, string filename, string url)
    {
        await _test.LearnAsync(
            suite, suite.Contains("/dists/", StringComparison.Ordinal) ? IndexName : "Packages", Packages((filename, Hash("x"), 7)));
        Assert.Equal(Hash("x"), _test.Catalog.Identify(Origin(url))?.Hash);
    }

    [Fact]
    public async Task Identify_ByHashOfAnyDigest_IsTheSha256()
    {
        var index = Packages(("pool/a.deb", Hash("a"), 1));
        var (md5, sha1, sha512) = (new string('1', 32), new string('2', 40), new string('3', 128)); // nobody computes them
        var release = $"SHA256:\n {ContentHash.Of(index)} {index.Length} {IndexName}\nMD5Sum:\n {md5} {index.Length} {IndexName}\n"
            + $"SHA1:\n {sha1} {index.Length} {IndexName}\nSHA512:\n {sha512} {index.Length} {IndexName}\n";
        await _test.Learning.LearnReleaseAsync(Origin(Suite + "InRelease"), Encoding.UTF8.GetBytes(release), Cancellation);

        foreach (var digest in (string[])[ContentHash.Of(index).ToString(), md5, sha1, sha512])
        {
            var content = _test.Catalog.Identify(Origin($"{Suite}main/binary-amd64/by-hash/Any/{digest}"));
            Assert.Equal((ContentHash.Of(index), index.Length), (content?.Hash, content?.Length));
            Assert.Null(_test.Catalog.Identify(Origin($"{Suite}main/by-hash/Any/{digest}"))); // another directory
        }

    }

    [Fact]
    public async Task Identify_AfterANewRelease_KnowsIndexesOfBothByHashAndFilesOfTheNewOne()
    {
        var (old, current) = (
            Packages(("pool/a_1.deb", Hash("1"), 1), ("pool/b.deb", Hash("b"), 1)),
            Packages(("pool/a_2.deb", Hash("2"), 1), ("pool/b.deb", Hash("b"), 1)));
        await _test.LearnAsync(Suite, IndexName, old);
        await _test.LearnAsync(Suite, IndexName, current);

        foreach (var index in (byte[][])[old, current])
        {
            Assert.NotNull(_test.Catalog.Identify(Origin($"{Suite}main/binary-amd64/by-hash/SHA256/{ContentHash.Of(index)}")));
        }

        Assert.Equal([false, true, true], Known("pool/a_1.deb", "pool/a_2.deb", "pool/b.deb"));
    }

    [Fact]
    public async Task Identify_FileReplacedUnderItsName_IsTheNewOne()
    {
        await _test.LearnAsync(Suite, IndexName, Packages(("pool/a.deb", Hash("old"), 1)));
        await _test.LearnAsync(Suite, IndexName, Packages(("pool/a.deb", Hash("new"), 2)));
        Assert.Equal(
            (Hash("new"), 2),
            _test.Catalog.Identify(Origin("http://deb.example/debian/pool/a.deb")) is { } content ? (content.Hash, content.Length) : default
        );
    }

    [Fact]
    public async Task Identify_PathNamedTwiceWithDifferentHashes_IsUnknown()
    {
        var index = Packages(
            ("pool/a.deb", Hash("a"), 1), ("pool/same.deb", Hash("s"), 1), ("pool/a.deb", Hash("b"), 1), ("pool/same.deb", Hash("s"), 1),
            ("pool/a.deb", Hash("a"), 1));
        Assert.Equal(LearnOutcome.Learned, (await _test.LearnAsync(Suite, IndexName, index)).Outcome);
        Assert.Null(_test.Catalog.Identify(Origin("http://deb.example/debian/pool/a.deb")));
        Assert.NotNull(_test.Catalog.Identify(Origin("http://deb.example/debian/pool/same.deb")));
    }

    [Fact]
    public async Task Identify_EmptyFile_IsUnknown()
    {
        await _test.LearnAsync(Suite, IndexName, Packages(("pool/a.deb", Hash("a"), 0)));
        Assert.Null(_test.Catalog.Identify(Origin("http://deb.example/debian/pool/a.deb")));
    }

    [Theory]
    [InlineData("../debian/pool/a.deb", "debian/pool/a.deb")]
    [InlineData("../~mal", "~mal")] // which begins as the archive's own name does, and is no part of it
    [InlineData("../~mallory2/a.deb", "~mallory2/a.deb")]
    [InlineData("x/../../~mallory", "~mallory")]
    public async Task Identify_IndexNamesFilesOutsideItsArchive_IsUnknown(string name, string file)
    {
        await _test.LearnAsync(
            "http://deb.example/~mallory/dists/x/", IndexName, Packages((name, Hash("evil"), 1), ("pool/b.deb", Hash("b"), 1)));
        Assert.Null(_test.Catalog.Identify(Origin($"http://deb.example/{file}")));
        Assert.NotNull(_test.Catalog.Identify(Origin("http://deb.example/~mallory/pool/b.deb")));
    }

    [Fact]
    public async Task Identify_AfterRestart_KnowsTheSame()
    {
        var folder = Path.Combine(_test.Folder, "again");
        using (var before = new CatalogUnderTest(folder))
        {
            await before.LearnAsync(Suite, IndexName, Packages(("pool/a.deb", Hash("a"), 1)));
        }

        using var after = new CatalogUnderTest(folder);
        Assert.Equal(Hash("a"), after.Catalog.Identify(Origin("http://deb.example/debian/pool/a.deb"))?.Hash);
    }

    [Theory]
    [InlineData("InRelease", true)]
    [InlineData("Release", true)]
    [InlineData("Release.gpg", true)]
    [InlineData(IndexName, true)]
    [InlineData("main/Contents", false)]
    [InlineData("../../pool/a.deb", false)]
    [InlineData("InRelease?x", false)]
    public async Task IsMetadata_Path_TellsWhatChangesUnderItsName(string path, bool expected)
    {
        await _test.LearnAsync(Suite, IndexName, Packages(("pool/a.deb", Hash("a"), 1)));
        Assert.Equal(expected, _test.Catalog.IsMetadata(Origin(Suite + path)));
    }

    private IEnumerable<bool> Known(params string[] files) =>
        files.Select(file => _test.Catalog.Identify(Origin("http://deb.example/debian/" + file)) is not null);

    private IEnumerable<string> OriginsOf(string url) => _test.Catalog.Identify(Origin(url))!.Origins.Select(origin => origin.ToString());
}
