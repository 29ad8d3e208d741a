namespace AptP2P.Host.Catalog.Metadata;

/// <summary>A copy, open for reading.</summary>
internal sealed class MetadataCopy(MetadataHeaders headers, MetadataBody body) : IAsyncDisposable
{
    public MetadataHeaders Headers { get; } = headers;

    public MetadataBody Body { get; } = body;

    /// <summary>Of the body, in bytes.</summary>
    public long Length => Body.Range.Length;

    public ValueTask DisposeAsync() => Body.DisposeAsync();
}
