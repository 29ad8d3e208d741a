using Microsoft.Win32.SafeHandles;

namespace AptP2P.Host.Storage.Files;

/// <summary>A file with several readers. It is closed when the last of them is done.</summary>
internal sealed class OpenFile(ContentHash hash, SafeFileHandle handle, PieceList? pieces, long openedAt) : IDisposable
{
    private int _users = 1;

    public ContentHash Hash => hash;

    public SafeFileHandle Handle => handle;

    public long Length { get; } = RandomAccess.GetLength(handle);

    public PieceList? Pieces => pieces;

    public long OpenedAt => openedAt;

    /// <summary>Counts one more reader, while there is at least one.</summary>
    public void Count() => Interlocked.Increment(ref _users);

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            handle.Dispose();
        }
    }
}
