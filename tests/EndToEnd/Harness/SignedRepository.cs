namespace AptP2P.EndToEnd.Harness;

/// <summary>
/// A Debian archive as real ones are: pool, compressed indexes with by-hash names, a signed InRelease. Built once for the whole run, by
/// Debian's own tools.
/// </summary>
public sealed class SignedRepository : IAsyncLifetime
{
    public const string Suite = "stable";

    public const string Codename = "testing-ground";

    private readonly string _folder = Directory.CreateTempSubdirectory("aptp2p-repo-").FullName;
    private ArchivePublisher? _publisher;

    /// <summary>Why there is no repository on this machine, or nothing.</summary>
    public string? Unavailable { get; private set; }

    /// <summary>The archive's root, to be served by a <see cref="Mirror"/>. Shared by all tests: nobody writes here.</summary>
    public string Root => Path.Combine(_folder, "archive");

    /// <summary>The key that signs it, for <c>signed-by</c>.</summary>
    public string Keyring => _publisher!.Keyring;

    /// <summary>The binary packages, the smallest first.</summary>
    public IReadOnlyList<RepositoryPackage> Packages { get; private set; } = [];

    public RepositoryPackage Package(string name) => Packages.Single(package => package.Name == name);

    /// <summary>The rest of a source line, after the address.</summary>
    public string SourceLine(Uri address) => $"[signed-by={Keyring}] {address}debian {Suite} main";

    /// <summary>
    /// The same pool under another folder with indexes of its own: <paramref name="editText"/> changes the text of Packages,
    /// <paramref name="editFiles"/> what stands in <c>dists/stable/main/binary-amd64</c> just before Release is written and signed;
    /// <paramref name="byHash"/> says whether indexes are there by their hash too.
    /// </summary>
    public Task PublishAsync(string root, Func<string, string>? editText = null, Action<string>? editFiles = null, bool byHash = true)
    {
        Directory.CreateDirectory(root);
        Directory.CreateSymbolicLink(Path.Combine(root, "pool"), Path.Combine(Root, "pool"));
        return _publisher!.PublishAsync(root, editText, editFiles, byHash);
    }

    public async ValueTask InitializeAsync()
    {
        if (Tools.FirstMissing("apt-get", "dpkg-deb", "gpg", "gpgconf", "xz", "gzip") is { } missing)
        {
            Unavailable = $"the program {missing} is missing";
        }
        else if (await ArchivePublisher.FindToolAsync(_folder) is not { } tool)
        {
            Unavailable = "apt-ftparchive is missing (package apt-utils) and cannot be downloaded";
        }
        else
        {
            Packages = await PoolBuilder.BuildAsync(Root, Path.Combine(_folder, "trees"));
            _publisher = await ArchivePublisher.CreateAsync(_folder, tool, Root);
            await _publisher.PublishAsync(Root, null, null, byHash: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_publisher is not null)
        {
            await _publisher.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
