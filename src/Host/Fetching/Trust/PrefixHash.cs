using System.Buffers;
using System.Security.Cryptography;

namespace AptP2P.Host.Fetching.Trust;

/// <summary>The SHA-256 of a growing prefix: of bytes on their way to the partial file, or read back from it.</summary>
internal sealed class PrefixHash : IDisposable
{
    private const int ReadSize = 256 << 10;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public long Position { get; private set; }

    /// <summary>Takes the next bytes from memory.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        Position += bytes.Length;
    }

    public async Task AppendAsync(IReadableContent content, long end, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            while (Position < end)
            {
                var wanted = (int)Math.Min(ReadSize, end - Position);
                var read = await content.ReadAsync(Position, buffer.AsMemory(0, wanted), cancellationToken);
                if (read == 0)
                {
                    throw new IOException("the partial file is shorter than what was written to it");
                }

                _hash.AppendData(buffer, 0, read);
                Position += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Restart()
    {
        _hash.GetHashAndReset();
        Position = 0;
    }

    public ContentHash Finish()
    {
        Position = 0;
        return new ContentHash(_hash.GetHashAndReset());
    }

    /// <summary>The hash of one range.</summary>
    public static async Task<ContentHash> OfAsync(IReadableContent content, ByteRange range, CancellationToken cancellationToken)
    {
        using var hash = new PrefixHash { Position = range.Start };
        await hash.AppendAsync(content, range.End, cancellationToken);
        return hash.Finish();
    }

    public void Dispose() => _hash.Dispose();
}
