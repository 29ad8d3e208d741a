namespace AptP2P.Host.Catalog;

/// <summary>A copy, open for reading from where <see cref="Body"/> stands to its end.</summary>
internal sealed class MetadataCopy(MetadataHeaders headers, FileStream body) : IAsyncDisposable
{
    public MetadataHeaders Headers { get; } = headers;

    public Stream Body { get; } = body;

    /// <summary>Of the body, in bytes.</summary>
    public long Length { get; } = body.Length - body.Position;

    public ValueTask DisposeAsync() => body.DisposeAsync();
}
