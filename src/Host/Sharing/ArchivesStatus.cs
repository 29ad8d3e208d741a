using System.Collections.Immutable;
using System.Globalization;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Catalog.Signatures;
using AptP2P.Host.Catalog.Suites;

namespace AptP2P.Host.Sharing;

/// <summary>The suites that the catalog knows: how old, signed or not, shared or not and why; on the status page.</summary>
internal sealed class ArchivesStatus(KnownSuites suites, CatalogWriter catalog, ShareRules rules) : IStatusSection
{
    private const int MostShown = 50; // a machine has some ten suites; clients can name others

    private static readonly ImmutableArray<StatusColumn> Columns =
    [
        new("archive", "Archive"),
        new("suite", "Suite"),
        new("dated", "Date of its Release"),
        new("signed", "Signed as apt wants it"),
        new("shared", "Shared"),
        new("why", "Why not"),
    ];

    private (long Version, IReadOnlyList<SuiteState> Suites)? _read;

    public string Key => "archives";

    public string Title => "Archives";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) =>
        new([new StatusTable("archives", "Suites that are known", Columns, Rows())]);

    private ImmutableArray<ImmutableArray<object?>> Rows() =>
    [
        .. Suites()
            .GroupBy(static suite => (Authority: AuthorityOf(suite.Directory), suite.Directory.Path))
            .Select(same => Row(same.Key.Authority, same.MaxBy(static suite => suite.Dated)!)) // apt's lists do not tell the scheme
            .OrderBy(static row => row[0], Comparer<object?>.Default)
            .ThenBy(static row => row[1], Comparer<object?>.Default),
    ];

    /// <summary>Asks the catalog again only when it has learned something.</summary>
    private IReadOnlyList<SuiteState> Suites()
    {
        var version = catalog.Version;
        if (_read is not { } read || read.Version != version)
        {
            _read = read = (version, suites.FindLatest(MostShown));
        }

        return read.Suites;
    }

    private ImmutableArray<object?> Row(string authority, SuiteState suite)
    {
        var path = suite.Directory.Path + "Release";
        var verdict = rules.Judge(authority, path);
        var isPrivate = verdict == ShareVerdict.PrivatePath;
        var why = verdict == ShareVerdict.Shared && suite.Trust == ReleaseTrust.Bad
            ? "it is not signed as apt wants it"
            : Explain(verdict);
        return
        [
            isPrivate ? PrivatePath.Find(suite.Directory.Host, path) : authority + suite.Root.TrimEnd('/'), // without the secret
            NameOf(suite),
            suite.Dated,
            suite.Trust switch { ReleaseTrust.Good => true, ReleaseTrust.Bad => false, _ => null },
            why is null,
            why,
        ];
    }

    private string? Explain(ShareVerdict verdict) => verdict switch
    {
        ShareVerdict.Shared => null,
        ShareVerdict.Unwanted when rules.Reach == PeerReach.Off => "nothing is shared ([Sharing] Reach)",
        ShareVerdict.Unwanted => "the configuration leaves it out ([Sharing] Archives, ExceptArchives)",
        ShareVerdict.Unknown => "nothing was fetched from it since the daemon knows it",
        _ => WithheldArchives.Explain(verdict),
    };

    /// <summary>What stands in apt's sources: below <c>dists</c> the name, and of an archive without it the folder.</summary>
    private static string NameOf(SuiteState suite)
    {
        const string dists = "dists/";
        var name = suite.Directory.Path.StartsWith(suite.Root, StringComparison.Ordinal)
            ? suite.Directory.Path[suite.Root.Length..]
            : suite.Directory.Path;
        name = name.StartsWith(dists, StringComparison.Ordinal) ? name[dists.Length..] : name;
        return name.Length > 1 ? name.TrimEnd('/') : "/";
    }

    private static string AuthorityOf(ArchivePath path) =>
        path.Port == 0 || path.Port == Origin.DefaultPort(path.Scheme)
            ? path.Host
            : string.Create(CultureInfo.InvariantCulture, $"{path.Host}:{path.Port}");
}
