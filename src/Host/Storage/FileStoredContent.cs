using Microsoft.Win32.SafeHandles;

namespace AptP2P.Host.Storage;

/// <summary>An open file of the store. It stays readable when it is evicted meanwhile, as files do.</summary>
internal sealed class FileStoredContent : IStoredContent
{
    private readonly SafeFileHandle _file;

    private FileStoredContent(ContentHash hash, SafeFileHandle file, PieceList? pieces) =>
        (Hash, _file, Length, Pieces) = (hash, file, RandomAccess.GetLength(file), pieces);

    public ContentHash Hash { get; }

    public long Length { get; }

    public PieceList? Pieces { get; }

    public static FileStoredContent Open(ContentHash hash, string path, string piecesPath)
    {
        var file = File.OpenHandle(path, options: FileOptions.Asynchronous);
        return new FileStoredContent(hash, file, ReadPieces(piecesPath, RandomAccess.GetLength(file)));
    }

    /// <summary>The list beside a content; without a usable one the content is simply shared as a whole.</summary>
    public static PieceList? ReadPieces(string path, long length)
    {
        if (PieceList.CountFor(length) == 1 || !File.Exists(path))
        {
            return null;
        }

        return PieceList.TryRead(length, File.ReadAllBytes(path));
    }

    public ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        RandomAccess.ReadAsync(_file, destination, offset, cancellationToken);

    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }
}
