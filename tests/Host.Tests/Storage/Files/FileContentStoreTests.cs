using AptP2P.Host.Storage.Files;
using AptP2P.Host.Storage.Space;
using AptP2P.Testing;
using AptP2P.Testing.Conformance;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Storage.Files;

public sealed class FileContentStoreTests : ContentStoreConformance, IDisposable
{
    private readonly List<FileContentStore> _stores = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("apt-p2p-store").FullName;

    protected override ValueTask<IContentStore> OpenStoreAsync() => new(Open(new QuotaOptions { KeepFree = new ByteSize(0) }));

    [Fact]
    public async Task Commit_OverQuota_TheLeastRecentlyUsedGoFirst()
    {
        var store = Open(new QuotaOptions { Quota = new ByteSize(25_000), KeepFree = new ByteSize(0) });
        var hashes = new List<ContentHash>();
        for (var seed = 0; seed < 3; seed++)
        {
            var bytes = TestContent.Bytes(10_000, seed);
            hashes.Add(ContentHash.Of(bytes));
            await using var partial = await store.BeginAsync(hashes[seed], bytes.Length, Cancellation);
            await partial.WriteAsync(0, bytes, Cancellation);
            await partial.CommitAsync(null, Cancellation);
            File.SetLastAccessTimeUtc(
                new StorePaths(_folder).Content(hashes[seed]), new DateTime(2026, 1, 1 + seed, 0, 0, 0, DateTimeKind.Utc));
        }

        Assert.Null(await store.OpenAsync(hashes[0], Cancellation));
        Assert.NotNull(await store.OpenAsync(hashes[1], Cancellation));
        Assert.NotNull(await store.OpenAsync(hashes[2], Cancellation));
    }

    [Fact]
    public async Task Begin_DiskTooFull_SaysWhatToSet()
    {
        var store = Open(new QuotaOptions { KeepFree = new ByteSize(long.MaxValue) });

        var error = await Assert.ThrowsAsync<IOException>(async () => await store.BeginAsync(ContentHash.Of([1]), 1, Cancellation));

        Assert.Contains("KeepFree", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Begin_MarksAreDamaged_OnlyWholeRecordsInsideTheFileCount()
    {
        var store = Open(new QuotaOptions { KeepFree = new ByteSize(0) });
        var hash = ContentHash.Of([1, 2, 3]);
        var paths = new StorePaths(_folder);
        await File.WriteAllBytesAsync(paths.Partial(hash), new byte[100], Cancellation);
        await File.WriteAllBytesAsync(
            paths.Marks(hash),
            [.. Record(0, 50), .. Record(-5, 10), .. Record(90, 80), .. Record(60, 5_000), .. Record(40, 70), 1, 2, 3],
            Cancellation);

        await using var partial = await store.BeginAsync(hash, 1_000, Cancellation);

        Assert.Equal([new ByteRange(0, 70)], partial.Recovered);

        static byte[] Record(long start, long end)
        {
            var record = new byte[16];
            System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(record, start);
            System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(record.AsSpan(8), end);
            return record;
        }
    }

    [Fact]
    public async Task Dispose_Published_AllIsDurable()
    {
        var store = Open(Roomy);
        await PublishAsync(store, seed: 1);

        store.Dispose();

        Assert.False(File.Exists(new StorePaths(_folder).Unsynced));
    }

    [Fact]
    public async Task Open_AfterAPowerCut_OnlyWhatIsRight()
    {
        var before = Open(Roomy);
        var (whole, torn) = (await PublishAsync(before, seed: 1), await PublishAsync(before, seed: 2));
        before.Dispose();
        var paths = new StorePaths(_folder);
        await File.WriteAllBytesAsync(paths.Content(torn), new byte[10_000], Cancellation); // the name was kept, the bytes were not
        await File.WriteAllBytesAsync(paths.Unsynced, [], Cancellation);

        var after = Open(Roomy);

        Assert.Null(await after.OpenAsync(torn, Cancellation));
        await using var stored = await after.OpenAsync(whole, Cancellation);
        Assert.NotNull(stored);
        Assert.Equal([whole], await after.ListAsync(Cancellation).Select(content => content.Hash).ToArrayAsync(Cancellation));
        after.Dispose();
        Assert.False(File.Exists(paths.Unsynced));
        Assert.False(File.Exists(paths.Content(torn)));
    }

    [Fact]
    public async Task Open_CutOrWrittenTo_IsRemoved()
    {
        using var rig = new StoreRig(Roomy);
        var (cut, written, touched) = (await rig.PutAsync(10_000, 1), await rig.PutAsync(10_000, 2), await rig.PutAsync(10_000, 3));
        await using (var file = new FileStream(rig.Paths.Content(cut), FileMode.Open))
        {
            file.SetLength(9_999);
        }

        rig.Overwrite(written, 5_000);
        rig.Overwrite(touched, 5_000);
        rig.Overwrite(touched, 5_000); // back to what it was

        Assert.Equal((false, false, true), (await rig.HasAsync(cut), await rig.HasAsync(written), await rig.HasAsync(touched)));
        Assert.False(File.Exists(rig.Paths.Content(cut)));
        Assert.Equal(2, rig.Log.Texts.Count(line => line.Contains("is damaged and was removed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Open_DeletedByHand_IsForgotten()
    {
        using var rig = new StoreRig(Roomy);
        var hash = await rig.PutAsync(10_000, 1);
        await rig.Store.Inventory.LoadAsync();
        File.Delete(rig.Paths.Content(hash));

        Assert.True(rig.Store.Inventory.MayHave(hash));
        Assert.False(await rig.HasAsync(hash));
        Assert.False(rig.Store.Inventory.MayHave(hash)); // and the disk is not asked for it again
        Assert.Equal(0, rig.Store.Inventory.Bytes);
    }

    [Fact]
    public async Task Open_BeforeTheFoldersAreRead_IsFound()
    {
        using var rig = new StoreRig(Roomy);
        var hash = await rig.PutAsync(10_000, 1);
        rig.Restart(Roomy);

        Assert.True(await rig.HasAsync(hash)); // a large store takes seconds to be read
        await rig.Store.Inventory.LoadAsync();
        Assert.Equal(10_000, rig.Store.Inventory.Bytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_NotStored_NothingIsThrown(bool areFoldersRead)
    {
        using var rig = new StoreRig(Roomy);
        var evicted = await rig.PutAsync(10_000, 1);
        await rig.Store.EvictAsync(evicted, Cancellation); // its folder stays
        rig.Restart(Roomy);
        await (areFoldersRead ? rig.Store.Inventory.LoadAsync() : Task.CompletedTask);
        using var thrown = new ThrownAbout(rig.Folder);

        Assert.False(await rig.HasAsync(evicted));
        Assert.False(await rig.HasAsync(ContentHash.Of("never stored"u8)));
        Assert.Null(rig.Store.Peek(evicted));
        Assert.Empty(thrown.Messages);
    }

    [Fact]
    public async Task Open_TwiceAndEvictedBetween_TheFirstReadsOn()
    {
        var store = Open(Roomy);
        var hash = await PublishAsync(store, seed: 1);
        await using var first = await store.OpenAsync(hash, Cancellation);
        await using var second = await store.OpenAsync(hash, Cancellation);
        await store.EvictAsync(hash, Cancellation);
        await second!.DisposeAsync();

        Assert.Null(await store.OpenAsync(hash, Cancellation));
        Assert.Equal(10_000, await first!.ReadAsync(0, new byte[20_000], Cancellation));
    }

    public void Dispose()
    {
        _stores.ForEach(store => store.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private static QuotaOptions Roomy => new() { KeepFree = new ByteSize(0) };

    private static async Task<ContentHash> PublishAsync(FileContentStore store, int seed)
    {
        var bytes = TestContent.Bytes(10_000, seed);
        await using var partial = await store.BeginAsync(ContentHash.Of(bytes), bytes.Length, Cancellation);
        await partial.WriteAsync(0, bytes, Cancellation);
        await partial.CommitAsync(null, Cancellation);
        return ContentHash.Of(bytes);
    }

    private FileContentStore Open(QuotaOptions options)
    {
        var store = new FileContentStore(
            new StorePaths(_folder), Options.Create(options), () => new DriveInfo(_folder).AvailableFreeSpace, hashes => hashes,
            TimeProvider.System, NullLogger<FileContentStore>.Instance);
        _stores.Add(store);
        return store;
    }
}
