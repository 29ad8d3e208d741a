using System.Text;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Tests.Catalog.Decompression;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Catalog.Learning;

/// <summary>What a catalog takes from indexes and releases, and what it does not.</summary>
public sealed class CatalogLearningTests : IDisposable
{
    private readonly CatalogUnderTest _test = new();

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData("xz")]
    [InlineData("gzip")]
    [InlineData("bzip2")]
    [InlineData("zstd")]
    [InlineData("lz4")]
    [InlineData("xz --format=lzma")]
    public async Task LearnIndexAsync_EachCompression_IsLearnedWholeOrNotAtAll(string command)
    {
        var files = Enumerable.Range(0, 2000).Select(number => ($"pool/{number}.deb", Hash($"{number}"), (long)number + 1)).ToArray();
        var compressed = await CompressedFileTests.CompressAsync(command, Packages(files));
        var damage = await _test.LearnAsync(Suite, IndexName + ".x", compressed[..(compressed.Length / 2)]);
        Assert.Equal(LearnOutcome.Damaged, damage.Outcome);
        Assert.NotNull(damage.Reason);
        Assert.Null(_test.Catalog.Identify(Origin("http://deb.example/debian/pool/0.deb")));

        Assert.Equal(new LearnResult(LearnOutcome.Learned, 2000), await _test.LearnAsync(Suite, IndexName + ".x", compressed));
        Assert.Equal(Hash("1999"), _test.Catalog.Identify(Origin("http://deb.example/debian/pool/1999.deb"))?.Hash);
    }

    [Fact]
    public async Task LearnIndexAsync_GarbageInTheMiddle_LearnsTheOthers()
    {
        byte[] index = [.. Packages(("pool/a.deb", Hash("a"), 1)), .. "garbage\n"u8, .. Packages(("pool/b.deb", Hash("b"), 1))];
        Assert.Equal(new LearnResult(LearnOutcome.Learned, 2), await _test.LearnAsync(Suite, IndexName, index));
        Assert.NotNull(_test.Catalog.Identify(Origin("http://deb.example/debian/pool/a.deb")));
    }

    [Fact]
    public async Task LearnIndexAsync_StanzaWithoutSha256_LearnsTheOthers()
    {
        byte[] index =
        [
            .. "Package: x\nFilename: pool/x.deb\nSize: 3\nMD5sum: d41d8cd98f00b204e9800998ecf8427e\n\n"u8,
            .. Packages(("pool/a.deb", Hash("a"), 1)),
        ];
        Assert.Equal(new LearnResult(LearnOutcome.Learned, 1), await _test.LearnAsync(Suite, IndexName, index));
        Assert.Null(_test.Catalog.Identify(Origin("http://deb.example/debian/pool/x.deb")));
        Assert.NotNull(_test.Catalog.Identify(Origin("http://deb.example/debian/pool/a.deb")));
    }

    [Fact]
    public async Task LearnIndexAsync_NotNamedByARelease_IsNotRead()
    {
        var index = Packages(("pool/a.deb", Hash("a"), 1));
        var opened = false;
        foreach (var path in (string[])["main/Packages", $"main/by-hash/SHA256/{ContentHash.Of(index)}", "pool/a.deb"])
        {
            var result = await _test.Learning.LearnIndexAsync(Origin(Suite + path), ContentHash.Of(index), () =>
            {
                opened = true;
                return ValueTask.FromResult<Stream>(new MemoryStream(index));
            }, Cancellation);
            Assert.Equal(LearnOutcome.Unnamed, result.Outcome);
        }

        Assert.False(opened);
    }

    [Fact]
    public async Task LearnIndexAsync_SameStateAgain_IsNotRead()
    {
        var index = Packages(("pool/a.deb", Hash("a"), 1));
        await _test.LearnAsync(Suite, IndexName, index);
        Assert.Equal(LearnOutcome.Known, (await _test.LearnIndexAsync(Suite + IndexName, index)).Outcome);
        Assert.Equal(
            LearnOutcome.Known,
            (await _test.LearnIndexAsync($"{Suite}main/binary-amd64/by-hash/SHA256/{ContentHash.Of(index)}", index)).Outcome);
    }

    [Fact]
    public async Task LearnIndexAsync_Diffs_AreKnownBesideTheirIndex()
    {
        var index = Encoding.UTF8.GetBytes($"SHA256-Download:\n {Hash("d")} 321 T-2-F-1.gz\n");
        Assert.Equal(new LearnResult(LearnOutcome.Learned, 1), await _test.LearnAsync(Suite, IndexName + ".diff/Index", index));
        Assert.Equal(Hash("d"), _test.Catalog.Identify(Origin(Suite + IndexName + ".diff/T-2-F-1.gz"))?.Hash);
    }

    [Fact]
    public async Task LearnIndexAsync_ReaderFails_LearnsNothingAndGoesOn()
    {
        var index = Packages(("pool/a.deb", Hash("a"), 1));
        await _test.Learning.LearnReleaseAsync(Origin(Suite + "InRelease"), Release((IndexName, index)), Cancellation);
        var failing = await _test.Learning.LearnIndexAsync(
            Origin(Suite + IndexName), ContentHash.Of(index), () => throw new IOException("disk"), Cancellation);
        Assert.Equal(LearnOutcome.Failed, failing.Outcome);
        Assert.Equal(LearnOutcome.Learned, (await _test.LearnIndexAsync(Suite + IndexName, index)).Outcome);
    }

    [Fact]
    public async Task LearnIndexAsync_Cancelled_LearnsNothingAndGoesOn()
    {
        using var cancellation = new CancellationTokenSource();
        var index = Packages(("pool/a.deb", Hash("a"), 1));
        await _test.Learning.LearnReleaseAsync(Origin(Suite + "InRelease"), Release((IndexName, index)), Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _test.Learning.LearnIndexAsync(
                Origin(Suite + IndexName),
                ContentHash.Of(index),
                async () =>
                {
                    await cancellation.CancelAsync();
                    return new MemoryStream(index);
                },
                cancellation.Token));
        Assert.Null(_test.Catalog.Identify(Origin("http://deb.example/debian/pool/a.deb")));
        Assert.Equal(LearnOutcome.Learned, (await _test.LearnIndexAsync(Suite + IndexName, index)).Outcome);
    }

    [Fact]
    public async Task LearnReleaseAsync_Garbage_LearnsNothing()
    {
        var result = await _test.Learning.LearnReleaseAsync(Origin(Suite + "InRelease"), "<html>Sign in</html>"u8.ToArray(), Cancellation);
        Assert.Equal(LearnOutcome.Damaged, result.Outcome);
    }

    [Fact]
    public async Task LearnReleaseAsync_NamesOutsideTheSuite_AreLeftOut()
    {
        await _test.LearnAsync(Suite, "../../pool/evil.deb", "x"u8.ToArray());
        Assert.False(_test.Catalog.IsMetadata(Origin("http://deb.example/debian/pool/evil.deb")));
    }

    [Theory]
    [InlineData("http://deb.example/debian/dists/odd/main/binary-amd64/", "http://deb.example/debian/dists/odd/main/binary-amd64/a.deb")]
    [InlineData("http://deb.example/debian/dists/", "http://deb.example/debian/dists/a.deb")]
    public async Task LearnIndexAsync_FlatArchiveBelowDists_HasItsFilesBesideItself(string folder, string file)
    {
        await _test.LearnAsync(folder, "Packages", Packages(("./a.deb", Hash("a"), 1)));
        Assert.Equal(Hash("a"), _test.Catalog.Identify(Origin(file))?.Hash);
    }
}
