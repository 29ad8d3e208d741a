using AptP2P.Host.Catalog.Metadata;

namespace AptP2P.Host.Proxy.PassThrough;

/// <summary>A response body that is counted and, where it is worth it, copied on its way out.</summary>
/// <param name="body">The response's own.</param>
/// <param name="sent">Is told as bytes leave, how many.</param>
internal sealed class TeeStream(Stream body, Action<long> sent) : Stream
{
    public long Written { get; private set; }

    /// <summary>Where the copy goes, if one is kept.</summary>
    public MetadataDraft? Draft { get; set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await body.WriteAsync(buffer, cancellationToken);
        Written += buffer.Length;
        sent(buffer.Length);
        if (Draft is { } draft)
        {
            await draft.WriteAsync(buffer, cancellationToken);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => body.FlushAsync(cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Kestrel writes asynchronously only");

    public override void Flush() => throw new NotSupportedException("Kestrel flushes asynchronously only");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        if (Draft is { } draft)
        {
            await draft.DisposeAsync();
        }

        await base.DisposeAsync();
    }
}
