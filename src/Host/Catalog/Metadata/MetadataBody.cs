using AptP2P.Host.Storage.Files;
using Microsoft.Win32.SafeHandles;

namespace AptP2P.Host.Catalog.Metadata;

/// <summary>
/// The bytes of a file that changes under its name, as they lie on disk: the kernel sends them without their passing through this process.
/// </summary>
/// <param name="file">Owned. It stays readable when its name is gone.</param>
/// <param name="range">Where they are in it.</param>
internal sealed class MetadataBody(SafeFileHandle file, ByteRange range) : IReadableContent, IFileContent, IDisposable
{
    /// <summary>Where they are: offsets are the file's.</summary>
    public ByteRange Range => range;

    /// <summary>Of the file; the body ends there.</summary>
    public long Length => range.End;

    SafeFileHandle IFileContent.File => file;

    public ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(RandomAccess.Read(file, destination.Span, offset));
    }

    /// <summary>All of it: at most <see cref="MetadataCopies.MaxLength"/> bytes.</summary>
    public byte[] ReadAll()
    {
        var bytes = new byte[range.Length];
        for (var read = 0; read < bytes.Length;)
        {
            var count = RandomAccess.Read(file, bytes.AsSpan(read), range.Start + read);
            read += count > 0 ? count : throw new EndOfStreamException("the copy is shorter than it was");
        }

        return bytes;
    }

    public void Dispose() => file.Dispose();

    public ValueTask DisposeAsync()
    {
        file.Dispose();
        return ValueTask.CompletedTask;
    }
}
