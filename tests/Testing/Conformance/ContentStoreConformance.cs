using Xunit;

namespace AptP2P.Testing.Conformance;

/// <summary>What every <see cref="IContentStore"/> must do. Derive from it in the plugin's tests.</summary>
public abstract class ContentStoreConformance
{
    private static readonly byte[] Bytes = TestContent.Bytes(1_200_000); // three pieces
    private static readonly ContentHash Hash = ContentHash.Of(Bytes);
    private static readonly PieceList Pieces = TestContent.PiecesOf(Bytes);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Opens the store under test; called again, it opens the same place anew, as a restart does.</summary>
    protected abstract ValueTask<IContentStore> OpenStoreAsync();

    [Fact]
    public async Task Open_Unknown_Null()
    {
        var store = await OpenStoreAsync();

        Assert.Null(await store.OpenAsync(Hash, Cancellation));
    }

    [Fact]
    public async Task Commit_WrittenInAnyOrder_OpenGivesTheBytes()
    {
        var store = await OpenStoreAsync();
        await using (var partial = await store.BeginAsync(Hash, Bytes.Length, Cancellation))
        {
            Assert.Empty(partial.Recovered);
            await partial.WriteAsync(700_000, Bytes.AsMemory(700_000), Cancellation);
            await partial.WriteAsync(0, new byte[100], Cancellation); // overwritten: not marked yet
            await partial.WriteAsync(0, Bytes.AsMemory(0, 700_000), Cancellation);
            await partial.CommitAsync(Pieces, Cancellation);
        }

        await AssertStoredAsync(store);
        await AssertStoredAsync(await OpenStoreAsync());
    }

    [Fact]
    public async Task Begin_NotCommitted_IsNotOpenedNorListed()
    {
        var store = await OpenStoreAsync();
        await using var partial = await store.BeginAsync(Hash, Bytes.Length, Cancellation);
        await partial.WriteAsync(0, Bytes, Cancellation);
        await partial.MarkAsync(new ByteRange(0, Bytes.Length), Cancellation);

        Assert.Null(await store.OpenAsync(Hash, Cancellation));
        Assert.Empty(await store.ListAsync(Cancellation).ToArrayAsync(Cancellation));
    }

    /// <summary>A store may also begin anew.</summary>
    [Fact]
    public async Task Begin_AfterAnUnfinishedRun_RecoversWhatWasMarkedOrNothing()
    {
        var store = await OpenStoreAsync();
        await using (var partial = await store.BeginAsync(Hash, Bytes.Length, Cancellation))
        {
            await partial.WriteAsync(0, Bytes, Cancellation);
            await partial.MarkAsync(new ByteRange(524_288, 1_048_576), Cancellation);
            await partial.MarkAsync(new ByteRange(0, 524_288), Cancellation);
        }

        await using var again = await (await OpenStoreAsync()).BeginAsync(Hash, Bytes.Length, Cancellation);

        var kept = again.Recovered.Count > 0 ? 1_048_576 : 0;
        if (kept > 0)
        {
            Assert.Equal([new ByteRange(0, kept)], again.Recovered);
            Assert.Equal(Bytes[..kept], await ReadAsync(again, 0, kept));
        }

        await again.WriteAsync(kept, Bytes.AsMemory(kept), Cancellation);
        await again.CommitAsync(Pieces, Cancellation);
        await AssertStoredAsync(await OpenStoreAsync());
    }

    [Fact]
    public async Task UnmarkAll_Marked_NothingIsRecovered()
    {
        var store = await OpenStoreAsync();
        await using (var partial = await store.BeginAsync(Hash, Bytes.Length, Cancellation))
        {
            await partial.WriteAsync(0, Bytes, Cancellation);
            await partial.MarkAsync(new ByteRange(0, Bytes.Length), Cancellation);
            await partial.UnmarkAllAsync(Cancellation);
        }

        await using var again = await (await OpenStoreAsync()).BeginAsync(Hash, Bytes.Length, Cancellation);

        Assert.Empty(again.Recovered);
        Assert.Null(await store.OpenAsync(Hash, Cancellation));
    }

    [Fact]
    public async Task Read_WhileWriting_GivesWhatIsWritten()
    {
        var store = await OpenStoreAsync();
        await using var partial = await store.BeginAsync(Hash, Bytes.Length, Cancellation);
        await partial.WriteAsync(1000, Bytes.AsMemory(1000, 5000), Cancellation);

        Assert.Equal(Bytes[1000..6000], await ReadAsync(partial, 1000, 5000));
    }

    [Fact]
    public async Task Commit_OpenPartial_CanStillBeRead()
    {
        var store = await OpenStoreAsync();
        await using var partial = await PutAsync(store);

        Assert.Equal(Bytes[600_000..600_100], await ReadAsync(partial, 600_000, 100));
    }

    [Fact]
    public async Task Begin_PublishedAndEvictedWhileStillRead_BeginsAnew()
    {
        var store = await OpenStoreAsync();
        await using (await PutAsync(store))
        {
            await store.EvictAsync(Hash, Cancellation);
            await using var again = await PutAsync(store);
        }

        await AssertStoredAsync(store);
    }

    [Fact]
    public async Task Evict_OpenContent_CanBeReadToItsEnd()
    {
        var store = await OpenStoreAsync();
        await (await PutAsync(store)).DisposeAsync();
        await using var stored = await store.OpenAsync(Hash, Cancellation);

        await store.EvictAsync(Hash, Cancellation);

        Assert.Null(await store.OpenAsync(Hash, Cancellation));
        Assert.Equal(Bytes, await ReadAsync(stored!, 0, Bytes.Length));
    }

    [Fact]
    public async Task Evict_Unknown_DoesNothing()
    {
        var store = await OpenStoreAsync();
        await (await PutAsync(store)).DisposeAsync();

        await store.EvictAsync(ContentHash.Of("other"u8), Cancellation);

        await AssertStoredAsync(store);
    }

    [Fact]
    public async Task Read_AtTheEnd_Zero()
    {
        var store = await OpenStoreAsync();
        await (await PutAsync(store)).DisposeAsync();
        await using var stored = await store.OpenAsync(Hash, Cancellation);

        Assert.Equal(0, await stored!.ReadAsync(Bytes.Length, new byte[10], Cancellation));
        Assert.Equal(0, await stored.ReadAsync(5, Memory<byte>.Empty, Cancellation));
    }

    [Fact]
    public async Task Read_SeveralReaders_EachGetsItsOwn()
    {
        var store = await OpenStoreAsync();
        await (await PutAsync(store)).DisposeAsync();
        await using var stored = await store.OpenAsync(Hash, Cancellation);

        var parts = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => ReadAsync(stored!, i * 100_000, 100_000)));

        Assert.Equal(Bytes, parts.SelectMany(part => part));
    }

    [Fact]
    public async Task Commit_EmptyContent_CanBeOpened()
    {
        var store = await OpenStoreAsync();
        var hash = ContentHash.Of([]);
        await using (var partial = await store.BeginAsync(hash, 0, Cancellation))
        {
            await partial.CommitAsync(null, Cancellation);
        }

        await using var stored = await store.OpenAsync(hash, Cancellation);

        Assert.Equal(0, stored!.Length);
    }

    private static async Task<IPartialContent> PutAsync(IContentStore store)
    {
        var partial = await store.BeginAsync(Hash, Bytes.Length, Cancellation);
        await partial.WriteAsync(0, Bytes, Cancellation);
        await partial.CommitAsync(Pieces, Cancellation);
        return partial;
    }

    private static async Task AssertStoredAsync(IContentStore store)
    {
        await using var stored = await store.OpenAsync(Hash, Cancellation);
        Assert.NotNull(stored);
        Assert.Equal(Hash, stored.Hash);
        Assert.Equal(Bytes.Length, stored.Length);
        Assert.Equal(Pieces.Digest, stored.Pieces!.Digest);
        Assert.Equal(Bytes, await ReadAsync(stored, 0, Bytes.Length));
        var listed = Assert.Single(await store.ListAsync(Cancellation).ToArrayAsync(Cancellation));
        Assert.Equal((Hash, Bytes.Length, Pieces.Digest), (listed.Hash, listed.Length, listed.Pieces!.Digest));
    }

    private static async Task<byte[]> ReadAsync(IReadableContent content, long offset, int count)
    {
        var bytes = new byte[count];
        for (var done = 0; done < count;)
        {
            var read = await content.ReadAsync(offset + done, bytes.AsMemory(done), Cancellation);
            Assert.NotEqual(0, read);
            done += read;
        }

        return bytes;
    }
}
