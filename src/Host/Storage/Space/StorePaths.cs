namespace AptP2P.Host.Storage.Space;

/// <summary>Where the store keeps what: <c>content/sha256/ab/&lt;hex&gt;</c>, its list beside it, and <c>partial/</c>.</summary>
internal sealed class StorePaths
{
    private readonly string _content;
    private readonly string _partial;
    private readonly string _state;

    public StorePaths(string stateFolder)
    {
        _state = stateFolder;
        _content = Path.Combine(stateFolder, "content", "sha256");
        _partial = Path.Combine(stateFolder, "partial");
        Directory.CreateDirectory(_content);
        Directory.CreateDirectory(_partial);
    }

    /// <summary>The copies for outages, which are others' but count in the quota.</summary>
    public string Metadata => Path.Combine(_state, "metadata");

    /// <summary>Says up to which hash the stored files were verified in this round.</summary>
    public string Verified => Path.Combine(_state, "content", "verified");

    /// <summary>Stands there while published files are not durable yet.</summary>
    public string Unsynced => Path.Combine(_partial, "unsynced");

    public string Content(ContentHash hash)
    {
        var hex = hash.ToString();
        return Path.Combine(_content, hex[..2], hex);
    }

    public string Pieces(ContentHash hash) => Content(hash) + ".pieces";

    public string Partial(ContentHash hash) => Path.Combine(_partial, hash.ToString());

    public string Marks(ContentHash hash) => Partial(hash) + ".marks";

    /// <summary>Every complete content and its file. Names that are no hash are not ours and are passed over.</summary>
    public IEnumerable<(ContentHash Hash, FileInfo File)> Enumerate() => Enumerate(_content);

    /// <summary>Every unfinished content and its file.</summary>
    public IEnumerable<(ContentHash Hash, FileInfo File)> EnumeratePartials() => Enumerate(_partial);

    private static IEnumerable<(ContentHash Hash, FileInfo File)> Enumerate(string folder)
    {
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            if (ContentHash.TryParse(file.Name, out var hash))
            {
                yield return (hash, file);
            }
        }
    }
}
