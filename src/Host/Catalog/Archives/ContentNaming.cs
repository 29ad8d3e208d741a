namespace AptP2P.Host.Catalog.Archives;

/// <summary>An archive names a content, or has done so.</summary>
/// <param name="Hash">The content.</param>
/// <param name="Authority">The archive's host, and its port where that is not the scheme's own.</param>
/// <param name="Path">What it is called there, decoded.</param>
/// <param name="IsTrusted">Whether apt would believe it.</param>
/// <param name="IsCurrent">Whether nothing that is known has taken its place.</param>
/// <param name="IsIndex">Whether a Release names it, and not an index.</param>
internal sealed record ContentNaming(
    ContentHash Hash, string Authority, string Path, bool IsTrusted, bool IsCurrent, bool IsIndex);
