using AptP2P.Host.Catalog.Decompression;

namespace AptP2P.Host.Catalog.Learning;

/// <summary>A stored content as a stream. Whoever disposes the stream disposes the content.</summary>
internal sealed class ContentStream(IReadableContent content) : ReadOnlyStream
{
    private long _offset;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await content.ReadAsync(_offset, buffer, cancellationToken);
        _offset += count;
        return count;
    }

    public override async ValueTask DisposeAsync()
    {
        await content.DisposeAsync();
        await base.DisposeAsync();
    }
}
