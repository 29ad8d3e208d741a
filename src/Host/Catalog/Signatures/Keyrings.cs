using AptP2P.Host.Apt.Paths;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Catalog.Signatures;

/// <summary>
/// Reads the address of an archive in apt's configuration: what it stands for if it leads through this daemon, else what it is.
/// </summary>
internal delegate Origin? SourceAddress(string address);

/// <summary>Finds the keys that apt would check an archive's Release with (sources.list(5), apt-secure(8)).</summary>
internal sealed class Keyrings(IOptions<SignatureOptions> options, SourceAddress addresses)
{
    /// <summary>Reads apt's configuration anew: it may have changed, and a new Release is rare.</summary>
    /// <returns><see langword="null"/> where there are no keys, or apt asks for no signature.</returns>
    public Keyring? Find(ArchivePath release)
    {
        IEnumerable<AptSource> all = options.Value.AptSources.Length == 0 ? [] : AptSources.Read(options.Value.AptSources);
        var near = all.Select(source => (Source: source, Depth: DepthOf(source, release))).Where(one => one.Depth is not null).ToList();
        var exact = near.Where(one => one.Depth == release.Directory.Length).Select(one => one.Source).ToList();
        if (exact.Exists(source => source.IsTrusted))
        {
            return null;
        }

        // Not in apt's list here: a client of another machine uses it. What keys this machine has may tell, but others may be right too.
        var sources = exact.Count > 0 ? exact : near.Select(one => one.Source);
        var signedBy = sources.SelectMany(source => source.SignedBy).ToList();
        var files = signedBy.Where(key => key.StartsWith('/')).ToList();
        var embedded = signedBy.Where(key => key.StartsWith('-')).ToList();
        IReadOnlyList<string> fingerprints = exact.Count > 0 ? [.. signedBy.Where(key => char.IsAsciiHexDigit(key[0]))] : [];
        if (files.Count == 0 && embedded.Count == 0)
        {
            files.AddRange(Trusted());
        }

        if (exact.Count == 0)
        {
            files.AddRange(Trusted());
            files.AddRange(KeyFiles(options.Value.Keyrings));
        }

        byte[] keys =
        [
            .. Keyring.Read(files.Distinct()),
            .. embedded.SelectMany(key => Keyring.ToBinary(System.Text.Encoding.Latin1.GetBytes(key))),
        ];
        return keys.Length == 0 ? null : new Keyring(keys, fingerprints, IsComplete: exact.Count > 0);
    }

    /// <summary>What apt trusts for each archive that names no keys of its own.</summary>
    private IEnumerable<string> Trusted() => options.Value.AptSources.Length == 0 ? []
        : KeyFiles(Path.Combine(options.Value.AptSources, "trusted.gpg.d")).Prepend(Path.Combine(options.Value.AptSources, "trusted.gpg"));

    private static IEnumerable<string> KeyFiles(string folder) =>
        Directory.Exists(folder)
            ? Directory
                .EnumerateFiles(folder)
                .Where(file => Path.GetExtension(file) is ".gpg" or ".asc" or ".pgp")
                .Order(StringComparer.Ordinal)
            : [];

    /// <returns>
    /// How much of the Release's directory the source stands for: all of it, or its root; <see langword="null"/> for another archive.
    /// </returns>
    private int? DepthOf(AptSource source, ArchivePath release)
    {
        if (addresses(source.Address.TrimEnd('/') + "/") is not { } origin || !ArchivePath.TryParse(origin, out var root, out _)
            || root.Host != release.Host || !IsSamePort(root, release))
        {
            return null;
        }

        return ArchivePath.Resolve(root.Path, source.Directory) == release.Directory ? release.Directory.Length
            : release.Directory.StartsWith(root.Path, StringComparison.Ordinal) ? root.Path.Length - 1
            : null;
    }

    /// <summary>Who serves https serves the same archive by http.</summary>
    private static bool IsSamePort(ArchivePath one, ArchivePath other) =>
        one.Port == other.Port || (one.Port == Origin.DefaultPort(one.Scheme) && other.Port == Origin.DefaultPort(other.Scheme));
}
