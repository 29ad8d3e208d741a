namespace AptP2P.Host.Catalog.Identifying;

/// <summary>What is known to be at an address.</summary>
/// <param name="Content">What it is, and where it can be had.</param>
/// <param name="IsIndex">Whether it is an index, by its hash or by its plain name.</param>
internal sealed record KnownContent(Content Content, bool IsIndex)
{
    /// <summary>The directories of the Releases that it rests on; found when they are first asked for.</summary>
    public IReadOnlyList<string>? Releases { get; set; }
}
