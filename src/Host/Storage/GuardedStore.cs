using Microsoft.Extensions.Options;

namespace AptP2P.Host.Storage;

/// <summary>
/// A plugin's store, called through <see cref="StoreCalls"/>. When it does not answer, a content counts as not stored, and files are passed
/// through.
/// </summary>
internal sealed class GuardedStore(IContentStore store, IOptions<StoreCallOptions> options, TimeProvider time, ILogger<GuardedStore> logger)
    : IContentStore,
        IAsyncDisposable
{
    private readonly StoreCalls _calls = new(options.Value.CallTime, time, logger);

    public async ValueTask<IStoredContent?> OpenAsync(ContentHash hash, CancellationToken cancellationToken)
    {
        try
        {
            return await _calls.RunAsync(() => store.OpenAsync(hash, cancellationToken), cancellationToken) is { } stored
                ? new Stored(stored, _calls)
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public async ValueTask<IPartialContent> BeginAsync(ContentHash hash, long length, CancellationToken cancellationToken) =>
        new Partial(await _calls.RunAsync(() => store.BeginAsync(hash, length, cancellationToken), cancellationToken), _calls);

    // only called in the background, where nobody waits
    public IAsyncEnumerable<StoredContent> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

    public ValueTask EvictAsync(ContentHash hash, CancellationToken cancellationToken) =>
        _calls.RunAsync(() => store.EvictAsync(hash, cancellationToken), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        switch (store)
        {
            case IAsyncDisposable disposable:
                await disposable.DisposeAsync();
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }

        _calls.Dispose();
    }

    private static async ValueTask CloseAsync(IAsyncDisposable opened, StoreCalls calls)
    {
        try
        {
            await calls.RunAsync(opened.DisposeAsync, CancellationToken.None);
        }
        catch (IOException)
        {
            // The log says it, and nothing more can be done.
        }
    }

    private sealed class Stored(IStoredContent content, StoreCalls calls) : IStoredContent
    {
        public ContentHash Hash { get; } = content.Hash;

        public PieceList? Pieces { get; } = content.Pieces;

        public long Length { get; } = content.Length;

        public ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
            ReadFromAsync(content, calls, offset, destination, cancellationToken);

        public ValueTask DisposeAsync() => CloseAsync(content, calls);
    }

    private sealed class Partial(IPartialContent content, StoreCalls calls) : IPartialContent
    {
        public long Length { get; } = content.Length;

        public IReadOnlyList<ByteRange> Recovered => content.Recovered;

        public ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
            ReadFromAsync(content, calls, offset, destination, cancellationToken);

        public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            var copy = bytes.ToArray(); // the caller's memory is another's when a write comes back late
            await calls.RunAsync(() => content.WriteAsync(offset, copy, cancellationToken), cancellationToken);
        }

        public ValueTask MarkAsync(ByteRange range, CancellationToken cancellationToken) =>
            calls.RunAsync(() => content.MarkAsync(range, cancellationToken), cancellationToken);

        public ValueTask CommitAsync(PieceList? pieces, CancellationToken cancellationToken) =>
            calls.RunAsync(() => content.CommitAsync(pieces, cancellationToken), cancellationToken);

        public ValueTask UnmarkAllAsync(CancellationToken cancellationToken) =>
            calls.RunAsync(() => content.UnmarkAllAsync(cancellationToken), cancellationToken);

        public ValueTask DisposeAsync() => CloseAsync(content, calls);
    }

    private static async ValueTask<int> ReadFromAsync(
        IReadableContent content, StoreCalls calls, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        var copy = new byte[destination.Length]; // as with a write
        var count = await calls.RunAsync(() => content.ReadAsync(offset, copy, cancellationToken), cancellationToken);
        copy.AsSpan(0, count).CopyTo(destination.Span);
        return count;
    }
}
