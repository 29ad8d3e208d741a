using System.Text.Json.Serialization;

namespace AptP2P.Host.Catalog;

/// <summary>What a copy needs beside its bytes to be served as the mirror would serve it.</summary>
internal sealed record MetadataHeaders
{
    /// <summary>When the mirror sent it.</summary>
    public required DateTimeOffset Date { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    public string? ETag { get; init; }

    public string? ContentType { get; init; }

    /// <summary>Which file it is: scheme, authority and decoded path. Filled in by <see cref="MetadataCopies"/>.</summary>
    public string Url { get; init; } = "";
}

[JsonSerializable(typeof(MetadataHeaders))]
internal sealed partial class MetadataJson : JsonSerializerContext;
