using AptP2P.Host.Fetching;

namespace AptP2P.Host.Proxy.Contents;

/// <summary>A content that can be sent: from the store, or as a fetch brings it.</summary>
internal sealed class OpenedContent : IAsyncDisposable
{
    public OpenedContent(IStoredContent stored) => Stored = stored;

    public OpenedContent(FetchReader reader) => Reader = reader;

    public ContentHash Hash => Stored?.Hash ?? Reader!.Content.Hash;

    public long Length => Stored?.Length ?? Reader!.Content.Length;

    public IStoredContent? Stored { get; }

    public FetchReader? Reader { get; }

    public ValueTask DisposeAsync() => Stored?.DisposeAsync() ?? Reader!.DisposeAsync();
}
