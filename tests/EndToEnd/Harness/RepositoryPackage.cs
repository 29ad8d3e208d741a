namespace AptP2P.EndToEnd.Harness;

/// <summary>A file of the pool.</summary>
/// <param name="Name">The package's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Path">Where it is, relative to the archive's root, not encoded.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Sha256">In lower-case hex.</param>
public sealed record RepositoryPackage(string Name, string Version, string Path, long Length, string Sha256)
{
    /// <summary>How apt writes the path in a request: <c>+</c> and <c>~</c> are encoded, in lower-case hex.</summary>
    public string RequestPath => Path.Replace("+", "%2b", StringComparison.Ordinal).Replace("~", "%7e", StringComparison.Ordinal);

    public string FileName => System.IO.Path.GetFileName(Path);
}
