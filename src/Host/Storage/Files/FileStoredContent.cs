using Microsoft.Win32.SafeHandles;

namespace AptP2P.Host.Storage.Files;

/// <summary>An open file of the store. It stays readable while it is open, even if it is evicted.</summary>
internal sealed class FileStoredContent(OpenFile file) : IStoredContent, IFileContent
{
    private bool _disposed;

    public ContentHash Hash => file.Hash;

    public long Length => file.Length;

    public PieceList? Pieces => file.Pieces;

    SafeFileHandle IFileContent.File => file.Handle;

    /// <summary>The piece list beside a content. Without a usable one the content is shared as a whole.</summary>
    public static PieceList? ReadPieces(string path, long length)
    {
        if (PieceList.CountFor(length) == 1 || !File.Exists(path))
        {
            return null;
        }

        return PieceList.TryRead(length, File.ReadAllBytes(path));
    }

    /// <summary>
    /// Reads on the caller's thread: what is read is mostly in memory, and an asynchronous read would only block another thread.
    /// </summary>
    public ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(RandomAccess.Read(file.Handle, destination.Span, offset));
    }

    public ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            file.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}
