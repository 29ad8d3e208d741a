using System.Security.Cryptography;
using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching.Blocks;

/// <summary>
/// A run of blocks that one channel is filling. Others may take its end away while it runs. Once it is revoked, nothing more is taken from
/// its channel.
/// </summary>
internal sealed class Claim(FetchChannel owner, ByteRange range, long now) : IDisposable
{
    private long _start = range.Start;
    private readonly CancellationTokenSource _revoked = new();
    private IncrementalHash? _blockHash;
    private long _hashedTo = -1;

    public FetchChannel Owner => owner;

    /// <summary>Whether a peer fills it that is getting the content itself.</summary>
    public bool IsOfCrowd { get; } = owner.Progress is not null;

    /// <summary>Where the next byte goes.</summary>
    public long Position { get; set; } = range.Start;

    public long End { get; set; } = range.End;

    public long Received => Position - _start;

    /// <summary>When it began, and when a byte last arrived (timestamps).</summary>
    public long Began { get; } = now;

    public long LastByte { get; set; } = now;

    /// <summary>
    /// Up to where a write to the partial file is on its way. Its blocks cannot go to another channel before it has ended.
    /// </summary>
    public long WritingTo { get; set; }

    public bool IsWriting => WritingTo > Position;

    public bool IsRevoked { get; private set; }

    /// <summary>Whether an origin has taken at least part of it, since its channel, a neighbour's, was slower.</summary>
    public bool WasOutrun { get; set; }

    public CancellationToken Revoked => _revoked.Token;

    /// <summary>Begins anew, at an earlier place.</summary>
    public void Restart(long start) => (_start, Position) = (start, start);

    /// <summary>Marks it; <see cref="CancelAsync"/> follows outside of the lock.</summary>
    public void Revoke() => IsRevoked = true;

    /// <summary>Tells its channel that it was taken away, unless the channel has ended by itself.</summary>
    public async Task CancelAsync()
    {
        try
        {
            await _revoked.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has.
        }
    }

    /// <summary>Hashes bytes on their way to the file, so that they need not be read back.</summary>
    /// <returns>The hashes of the blocks that end here, of which all bytes came through here.</returns>
    public Dictionary<Block, ContentHash?>? HashBlocks(BlockMap map, long position, ReadOnlySpan<byte> bytes)
    {
        Dictionary<Block, ContentHash?>? hashes = null;
        while (!bytes.IsEmpty)
        {
            var block = map.BlockAt(position);
            var part = (int)Math.Min(bytes.Length, block.Range.End - position);
            if (Hash(block, position, bytes[..part]) is { } hash)
            {
                (hashes ??= [])[block] = hash;
            }

            position += part;
            bytes = bytes[part..];
        }

        return hashes;
    }

    private ContentHash? Hash(Block block, long position, ReadOnlySpan<byte> bytes)
    {
        if (position == block.Range.Start)
        {
            _blockHash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            _blockHash.TryGetHashAndReset(stackalloc byte[ContentHash.Size], out _);
        }
        else if (position != _hashedTo)
        {
            _hashedTo = -1;
            return null;
        }

        _blockHash!.AppendData(bytes);
        _hashedTo = position + bytes.Length;
        if (_hashedTo < block.Range.End)
        {
            return null;
        }

        _hashedTo = -1; // the next block begins anew
        return new ContentHash(_blockHash.GetHashAndReset());
    }

    public void Dispose()
    {
        _revoked.Dispose();
        _blockHash?.Dispose();
    }
}
