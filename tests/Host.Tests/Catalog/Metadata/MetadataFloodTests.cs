using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Metadata;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Catalog.Metadata;

/// <summary>Releases without end: the copies of other archives stay, and memory is bounded.</summary>
public sealed class MetadataFloodTests : IDisposable
{
    private readonly CatalogUnderTest _test = new();

    public void Dispose() => _test.Dispose();

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
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var end = new ManualResetEventSlim();
        var writing = Task.Run(() => _test.Writer.WriteAsync(_ => Stay(begun, end), Cancellation), Cancellation);
        await begun.Task;
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

        end.Set();
        await writing;
        Assert.True(await Assert.Single(all));
    }

    /// <summary>Stays in a transaction of the catalog.</summary>
    private static bool Stay(TaskCompletionSource begun, ManualResetEventSlim end)
    {
        begun.SetResult();
        return end.Wait(TimeSpan.FromMinutes(1), Cancellation);
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
}
