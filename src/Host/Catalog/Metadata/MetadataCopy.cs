namespace AptP2P.Host.Catalog.Metadata;

/// <summary>A copy, open for reading.</summary>
internal sealed class MetadataCopy(MetadataHeaders headers, MetadataBody body) : IAsyncDisposable
{
    public MetadataHeaders Headers { get; } = headers;

    public MetadataBody Body { get; } = body;

    public ValueTask DisposeAsync() => Body.DisposeAsync();
}
