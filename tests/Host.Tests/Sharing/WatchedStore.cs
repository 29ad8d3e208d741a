using System.Collections.Concurrent;
using AptP2P.Host.Storage.Files;
using Microsoft.Win32.SafeHandles;

namespace AptP2P.Host.Tests.Sharing;

/// <summary>
/// The host's store, and which of its bytes were read into the process: what the kernel sends by itself is not among them.
/// </summary>
internal sealed class WatchedStore(FileContentStore store) : IContentStore, IDisposable
{
    private readonly SemaphoreSlim _closed = new(0);

    /// <summary>Where reads began, of stored contents and of those under construction.</summary>
    public ConcurrentQueue<long> Reads { get; } = [];

    /// <summary>Waits until one more stored content was closed by who had opened it.</summary>
    public Task ClosedAsync(CancellationToken cancellationToken) => _closed.WaitAsync(cancellationToken);

    public async ValueTask<IStoredContent?> OpenAsync(ContentHash hash, CancellationToken cancellationToken) =>
        await store.OpenAsync(hash, cancellationToken) is { } content ? new Stored(this, content) : null;

    public async ValueTask<IPartialContent> BeginAsync(ContentHash hash, long length, CancellationToken cancellationToken) =>
        new Partial(this, await store.BeginAsync(hash, length, cancellationToken));

    public IAsyncEnumerable<StoredContent> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

    public ValueTask EvictAsync(ContentHash hash, CancellationToken cancellationToken) => store.EvictAsync(hash, cancellationToken);

    public void Dispose() => _closed.Dispose();

    private sealed class Stored(WatchedStore watch, IStoredContent content) : IStoredContent, IFileContent
    {
        public SafeFileHandle File => ((IFileContent)content).File;

        public ContentHash Hash => content.Hash;

        public long Length => content.Length;

        public PieceList? Pieces => content.Pieces;

        public ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
        {
            watch.Reads.Enqueue(offset);
            return content.ReadAsync(offset, destination, cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await content.DisposeAsync();
            watch._closed.Release();
        }
    }

    private sealed class Partial(WatchedStore watch, IPartialContent content) : IPartialContent, IFileContent
    {
        public SafeFileHandle File => ((IFileContent)content).File;

        public long Length => content.Length;

        public IReadOnlyList<ByteRange> Recovered => content.Recovered;

        public ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
        {
            watch.Reads.Enqueue(offset);
            return content.ReadAsync(offset, destination, cancellationToken);
        }

        public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            content.WriteAsync(offset, bytes, cancellationToken);

        public ValueTask MarkAsync(ByteRange range, CancellationToken cancellationToken) => content.MarkAsync(range, cancellationToken);

        public ValueTask CommitAsync(PieceList? pieces, CancellationToken cancellationToken) =>
            content.CommitAsync(pieces, cancellationToken);

        public ValueTask UnmarkAllAsync(CancellationToken cancellationToken) => content.UnmarkAllAsync(cancellationToken);

        public ValueTask DisposeAsync() => content.DisposeAsync();
    }
}
