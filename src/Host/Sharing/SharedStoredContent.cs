using AptP2P.Host.Sending;

namespace AptP2P.Host.Sharing;

/// <summary>A stored content, as peers see it.</summary>
internal sealed class SharedStoredContent(IStoredContent content, SharedBytes bytes) : ISharedContent
{
    public long Length => content.Length;

    public PieceList? Pieces => content.Pieces;

    public bool IsComplete => true;

    public bool HasPiece(int index) => true;

    public ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        content.ReadAsync(offset, destination, cancellationToken);

    public ValueTask<bool> SendAsync(HttpContext context, ByteRange part)
    {
        bytes.Sends(part);
        return new ContentBody(context).SendAsync(content, part);
    }

    public ValueTask DisposeAsync() => content.DisposeAsync();
}
