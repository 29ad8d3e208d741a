using AptP2P.Host.Storage;
using AptP2P.Testing;
using AptP2P.Testing.Conformance;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Storage;

/// <summary>A good store is the same behind its guard, and a bad one holds nobody up.</summary>
public sealed class GuardedStoreTests : ContentStoreConformance, IAsyncDisposable
{
    private static readonly byte[] Bytes = TestContent.Bytes(1_000);
    private static readonly ContentHash Hash = ContentHash.Of(Bytes);

    private readonly InMemoryContentStore _good = new();
    private readonly VirtualTime _time = new();
    private readonly List<GuardedStore> _stores = [];

    public static TheoryData<string> Calls =>
        ["open", "begin", "read", "write", "mark", "unmark", "commit", "evict", "read what is stored"];

    protected override ValueTask<IContentStore> OpenStoreAsync() => new(Guard(_good));

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_NeverReturns_IsGivenUpInTimeAndTheNextAtOnce(string call)
    {
        using var gate = new ManualResetEventSlim();
        var bad = new BadStore(_good, call, () => gate.Wait(CancellationToken.None));
        var store = Guard(bad);
        try
        {
            var asked = AskAsync(store, bad);
            await bad.Entered.WaitAsync(Cancellation);
            Assert.False(asked.IsCompleted);
            _time.Advance(new StoreCallOptions().CallTime);

            Assert.True(await asked);
            Assert.Null(await store.OpenAsync(Hash, Cancellation)); // without a word to the store
        }
        finally
        {
            gate.Set();
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_Throws_IsAFailureOfTheDisk(string call)
    {
        var bad = new BadStore(_good, call, () => throw new InvalidOperationException("a bug"));

        Assert.True(await AskAsync(Guard(bad), bad));
    }

    /// <summary>Does all that a store is for.</summary>
    /// <returns>Whether it has failed as a disk does, or has nothing.</returns>
    private static async Task<bool> AskAsync(GuardedStore store, BadStore bad)
    {
        try
        {
            await using (var partial = await store.BeginAsync(Hash, Bytes.Length, Cancellation))
            {
                await partial.UnmarkAllAsync(Cancellation);
                await partial.WriteAsync(0, Bytes, Cancellation);
                await partial.ReadAsync(0, new byte[10], Cancellation);
                await partial.MarkAsync(new ByteRange(0, 10), Cancellation);
                await partial.CommitAsync(null, Cancellation);
            }

            if (await store.OpenAsync(Hash, Cancellation) is not { } stored)
            {
                return bad.Fault == "open";
            }

            await using (stored)
            {
                await stored.ReadAsync(0, new byte[10], Cancellation);
            }

            await store.EvictAsync(Hash, Cancellation);
            return false;
        }
        catch (IOException)
        {
            return bad.Fault != "open";
        }
    }

    private GuardedStore Guard(IContentStore store)
    {
        var guarded = new GuardedStore(store, Options.Create(new StoreCallOptions()), _time, NullLogger<GuardedStore>.Instance);
        _stores.Add(guarded);
        return guarded;
    }

    private sealed class BadStore(InMemoryContentStore good, string fault, Action bad) : IContentStore
    {
        public string Fault => fault;

        public SemaphoreSlim Entered { get; } = new(0);

        public async ValueTask<IStoredContent?> OpenAsync(ContentHash hash, CancellationToken cancellationToken)
        {
            Do("open");
            return await good.OpenAsync(hash, cancellationToken) is { } stored ? new Stored(this, stored) : null;
        }

        public async ValueTask<IPartialContent> BeginAsync(ContentHash hash, long length, CancellationToken cancellationToken)
        {
            Do("begin");
            return new Partial(this, await good.BeginAsync(hash, length, cancellationToken));
        }

        public IAsyncEnumerable<StoredContent> ListAsync(CancellationToken cancellationToken) => good.ListAsync(cancellationToken);

        public ValueTask EvictAsync(ContentHash hash, CancellationToken cancellationToken)
        {
            Do("evict");
            return good.EvictAsync(hash, cancellationToken);
        }

        private void Do(string call)
        {
            if (call == fault)
            {
                Entered.Release();
                bad();
            }
        }

        private sealed class Stored(BadStore store, IStoredContent stored) : IStoredContent
        {
            public ContentHash Hash => stored.Hash;

            public PieceList? Pieces => stored.Pieces;

            public long Length => stored.Length;

            public ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
            {
                store.Do("read what is stored");
                return stored.ReadAsync(offset, destination, cancellationToken);
            }

            public ValueTask DisposeAsync() => stored.DisposeAsync();
        }

        private sealed class Partial(BadStore store, IPartialContent partial) : IPartialContent
        {
            public long Length => partial.Length;

            public IReadOnlyList<ByteRange> Recovered => partial.Recovered;

            public ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
            {
                store.Do("read");
                return partial.ReadAsync(offset, destination, cancellationToken);
            }

            public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
            {
                store.Do("write");
                return partial.WriteAsync(offset, bytes, cancellationToken);
            }

            public ValueTask MarkAsync(ByteRange range, CancellationToken cancellationToken)
            {
                store.Do("mark");
                return partial.MarkAsync(range, cancellationToken);
            }

            public ValueTask UnmarkAllAsync(CancellationToken cancellationToken)
            {
                store.Do("unmark");
                return partial.UnmarkAllAsync(cancellationToken);
            }

            public ValueTask CommitAsync(PieceList? pieces, CancellationToken cancellationToken)
            {
                store.Do("commit");
                return partial.CommitAsync(pieces, cancellationToken);
            }

            public ValueTask DisposeAsync() => partial.DisposeAsync();
        }
    }
}
