using System.Text.Json.Serialization;
using AptP2P.Host.Catalog.Signatures;

namespace AptP2P.Host.Catalog.Metadata;

/// <summary>
/// What a copy needs beside its bytes to be served as the mirror would serve it, and to be compared with what comes next.
/// </summary>
internal sealed record MetadataHeaders
{
    /// <summary>When the mirror sent it.</summary>
    public required DateTimeOffset Date { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    public string? ETag { get; init; }

    public string? ContentType { get; init; }

    /// <summary>Which file it is: scheme, authority and decoded path. Filled in by <see cref="MetadataCopies"/>.</summary>
    public string Url { get; init; } = "";

    /// <summary>SHA-256 of its bytes, in hexadecimal digits.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>A Release's own Date.</summary>
    public DateTimeOffset? Released { get; init; }

    /// <summary>A Release's Valid-Until: apt refuses it afterwards.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>What a Release's signature is worth.</summary>
    public ReleaseTrust Trust { get; init; }

    /// <summary>Reads them from an answer.</summary>
    public static MetadataHeaders Of(HttpResponseMessage answer, DateTimeOffset now) => new()
    {
        Date = answer.Headers.Date ?? now,
        LastModified = answer.Content.Headers.LastModified,
        ETag = answer.Headers.ETag?.ToString(),
        ContentType = answer.Content.Headers.ContentType?.ToString(),
    };
}

[JsonSerializable(typeof(MetadataHeaders))]
internal sealed partial class MetadataJson : JsonSerializerContext;
