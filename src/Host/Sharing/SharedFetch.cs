using AptP2P.Host.Fetching;
using AptP2P.Host.Sending;

namespace AptP2P.Host.Sharing;

/// <summary>A content that is being fetched, as peers see it: the pieces that are good. It does not keep the fetch going.</summary>
internal sealed class SharedFetch(Fetch fetch, SharedBytes bytes) : ISharedContent
{
    private bool _disposed;

    public long Length => fetch.Content.Length;

    /// <remarks>Only this node's own list. While the content is not whole, another's list would look like this node's word.</remarks>
    public PieceList? Pieces => fetch.Pieces;

    public bool IsComplete => fetch.IsVerified;

    public FetchProgress? Progress => fetch.CrowdProgress;

    public bool HasPiece(int index) => fetch.IsPieceGood(index);

    public bool PassesPiece(int index) => fetch.IsPiecePassed(index);

    public ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        fetch.Released.IsCancellationRequested ? new(0) : fetch.Bytes.ReadAsync(offset, destination, cancellationToken);

    public async ValueTask<bool> SendAsync(HttpContext context, ByteRange part)
    {
        bytes.Sends(part);

        // however slow the peer is
        using var release = fetch.Released.UnsafeRegister(static context => ((HttpContext)context!).Abort(), context);
        return await new ContentBody(context).SendAsync(fetch.Bytes, part);
    }

    public ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            fetch.Unobserve();
        }

        return ValueTask.CompletedTask;
    }
}
