using System.Buffers;
using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching.Building;

/// <summary>Where a channel puts the bytes of one claim.</summary>
internal sealed class ChannelSink(ContentBuilder builder, ContentWriter writer, Claim claim, FetchTraffic traffic, TimeProvider time)
    : IAssignment
{
    private const int BufferSize = 256 << 10;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);

    public long Received { get; private set; }

    public ByteRange Rest => builder.RestOf(claim);

    public long Began => claim.Began;

    public bool IsRevoked => claim.IsRevoked;

    public bool WasOutrun => claim.WasOutrun;

    public CancellationToken Revoked => claim.Revoked;

    public Memory<byte> GetMemory() => _buffer.AsMemory(0, BufferSize);

    public ValueTask<bool> AdvanceAsync(int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, BufferSize);
        if (Received == 0)
        {
            claim.Owner.Began(time.GetElapsedTime(claim.Began));
        }
        else
        {
            claim.Owner.Speed.Add(count);
        }

        Received += count;
        claim.Owner.Latest.Add(count);
        traffic.Received(claim.Owner, count);
        return writer.AcceptAsync(claim, _buffer.AsMemory(0, count), time.GetTimestamp(), cancellationToken);
    }

    public ValueTask<bool> TryRestartAsync(CancellationToken cancellationToken) => writer.TryRestartAsync(claim, cancellationToken);

    public void Release()
    {
        if (Received > 0)
        {
            claim.Owner.Speed.End();
        }

        builder.Release(claim);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        claim.Dispose();
    }
}
