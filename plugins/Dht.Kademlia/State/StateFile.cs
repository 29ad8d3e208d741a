using System.Security.Cryptography;
using System.Text;

namespace AptP2P.Dht.Kademlia.State;

/// <summary>
/// A file that is either whole or not there: it is written under another name and renamed, with a checksum before its content. A damaged
/// one is set aside, so that the next start does not meet it again and one can look at it.
/// </summary>
internal sealed class StateFile(string path)
{
    private static readonly byte[] Magic = Encoding.ASCII.GetBytes("AptP2P.Dht.Kademlia 1\n");

    /// <summary>Where a damaged file goes.</summary>
    public string DamagedPath => path + ".damaged";

    public async Task WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var temporary = path + ".new";
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true))
        {
            await file.WriteAsync(Magic, cancellationToken);
            await file.WriteAsync(SHA256.HashData(content.Span), cancellationToken);
            await file.WriteAsync(content, cancellationToken);
            file.Flush(flushToDisk: true); // before the rename, or a power cut could leave an empty file in its place
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <returns>The content; <see langword="null"/> if there is no file.</returns>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public async Task<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        var header = Magic.Length + SHA256.HashSizeInBytes;
        if (bytes.Length < header
            || !bytes.AsSpan(0, Magic.Length).SequenceEqual(Magic)
            || !SHA256.HashData(bytes.AsSpan(header)).AsSpan().SequenceEqual(bytes.AsSpan(Magic.Length, SHA256.HashSizeInBytes)))
        {
            throw new InvalidDataException("its checksum is wrong");
        }

        return bytes[header..];
    }

    public void SetAside() => File.Move(path, DamagedPath, overwrite: true);
}
