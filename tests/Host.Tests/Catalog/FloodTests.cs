using System.Collections;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Catalog.Metadata;
using AptP2P.Host.Catalog.Signatures;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Catalog;

/// <summary>An archive that gives more than all others together: what they have stays.</summary>
public sealed class FloodTests : IDisposable
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
            await _test.Catalog.LearnReleaseAsync(
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

    [Theory]
    [InlineData(MetadataCopies.MaxCopies + 10, 1)]
    [InlineData(30, 10_000)]
    public void Publish_ManyCopiesOfOneArchive_OthersStay(int count, int length)
    {
        var copies = new MetadataCopies(
            _test.Folder, NullLogger<MetadataCopies>.Instance, maxBytes: length == 1 ? MetadataCopies.MaxBytes : 100_000);
        var honest = Path("deb.example", "debian");
        copies.Publish(honest, new MetadataHeaders { Date = _test.Time.GetUtcNow() }, new byte[1_000]);
        // the oldest
        File.SetLastWriteTimeUtc(Directory.GetFiles(System.IO.Path.Combine(_test.Folder, "metadata")).Single(), DateTime.UnixEpoch);

        for (var number = 0; number < count; number++)
        {
            Assert.True(
                copies.Publish(Path("flood.example", $"{number}"), new MetadataHeaders { Date = _test.Time.GetUtcNow() }, new byte[length])
            );
        }

        Assert.True(copies.Has(honest));
        Assert.True(copies.Has(Path("flood.example", $"{count - 1}")));
        Assert.False(copies.Has(Path("flood.example", "0")));
    }

    [Fact]
    public async Task TryKeep_NoRoomToRead_IsPassedOnUnreadAndNobodyWaits()
    {
        var copies = new MetadataCopies(_test.Folder, NullLogger<MetadataCopies>.Instance);
        var keeping = _test.Keeping(copies);
        var busy = new Busy();
        var writing = Task.Run(() => _test.Writer.KeepTimesAsync(busy, Cancellation), Cancellation);
        await busy.Begun.Task;
        await using var one = await DraftAsync(copies, "a");
        await using var two = await DraftAsync(copies, "b");
        await using var three = await DraftAsync(copies, "c");

        MetadataDraft[] drafts = [one, two, three];
        var all = drafts.Select(draft => Task.Run(() => keeping.TryKeepAsync(draft, Cancellation), Cancellation)).ToList();

        for (var refused = 0; refused < 2; refused++)
        {
            var next = await Task.WhenAny(all); // the one that is read waits for the catalog
            Assert.False(await next);
            all.Remove(next);
        }

        busy.End.Set();
        await writing;
        Assert.True(await Assert.Single(all));
    }

    private static async Task<MetadataDraft> DraftAsync(MetadataCopies copies, string suite)
    {
        var headers = new MetadataHeaders { Date = DateTimeOffset.UnixEpoch };
        var draft = copies.Begin(Origin($"http://deb.example/dists/{suite}/InRelease"), headers, hasAuthorization: false)!;
        var padding = string.Concat(Enumerable.Repeat($"X-Pad: {new string('x', 1_000)}\n", 9_000));
        await draft.WriteAsync(InRelease(Release(padding, (IndexName, [1]))), Cancellation);
        return draft;
    }

    private static ArchivePath Path(string host, string suite) => new("http", host, 80, $"/dists/{suite}/InRelease");

    private static byte[] Files(int number, int count) =>
        Packages([.. Enumerable.Range(0, count).Select(file => ($"pool/{number}/f{file}_1_amd64.deb", Hash($"{number} {file}"), 1L))]);

    private async Task LearnHonestAsync(ReleaseTrust trust = ReleaseTrust.Unknown, int files = 10)
    {
        var index = Packages([.. Enumerable.Range(0, files).Select(file => ($"pool/f{file}_1_amd64.deb", Hash($"{file}"), 1L))]);
        await _test.Catalog.LearnReleaseAsync(
            new("http", "deb.example", 80, "/debian/dists/bookworm/InRelease"), Release((IndexName, index)), trust, settles: false,
            Cancellation);
        await _test.LearnIndexAsync(Suite + IndexName, index);
        _test.Time.Advance(TimeSpan.FromSeconds(1));
    }

    private long Used() =>
        (_test.Database.Writer.Scalar<long>("PRAGMA page_count") - _test.Database.Writer.Scalar<long>("PRAGMA freelist_count")) * 4096;

    /// <summary>Keeps whoever reads it busy, in a transaction of the catalog.</summary>
    private sealed class Busy : IReadOnlyList<(ContentHash, DateTimeOffset)>
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManualResetEventSlim End { get; } = new();

        public int Count => 0;

        public (ContentHash, DateTimeOffset) this[int index] => throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<(ContentHash, DateTimeOffset)> GetEnumerator()
        {
            Begun.TrySetResult();
            End.Wait(Cancellation);
            yield break;
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
