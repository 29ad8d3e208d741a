using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using AptP2P.Host.Catalog.Archives;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Catalog.Identifying;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Catalog.Metadata;
using AptP2P.Host.Catalog.Signatures;
using AptP2P.Host.Catalog.Suites;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Tests.Catalog;

/// <summary>A catalog in a folder of its own, and texts to feed it with.</summary>
internal sealed class CatalogUnderTest : IDisposable
{
    public const string Suite = "http://deb.example/debian/dists/bookworm/";
    public const string IndexName = "main/binary-amd64/Packages";

    private static readonly DateTimeOffset Began = new VirtualTime().GetUtcNow();

    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly DirectoryInfo _folder;
    private readonly bool _ownsFolder;

    public CatalogUnderTest(string? folder = null, long? fullBytes = null)
    {
        _ownsFolder = folder is null;
        _folder = folder is null ? Directory.CreateTempSubdirectory("catalog") : Directory.CreateDirectory(folder);
        Database = new CatalogDatabase(_folder.FullName, NullLogger<CatalogDatabase>.Instance);
        Reader = new CatalogReader(Database);
        Writer = new CatalogWriter(Database);
        Suites = new KnownSuites(Reader);
        Indexes = new KnownIndexes(Reader);
        Trust = new TrustedArchives(Database, Writer);
        var origins = Options.Create(Origins);
        Mirrors = new MirrorList(origins, new OriginHealth(origins, Time));
        var files = new KnownFiles(Reader);
        ContentOrigins = new ContentOrigins(files, Mirrors, origins);
        var meters = _meters.GetRequiredService<IMeterFactory>();
        Catalog = new ArchiveCatalog(
            files, Indexes, Writer, ContentOrigins, new IdentifyingMetrics(meters), NullLogger<ArchiveCatalog>.Instance);
        var quota = fullBytes is { } full ? new CatalogQuota(full) : new CatalogQuota();
        Releases = new ReleaseWriter(Writer, quota, Time);
        Learning = new CatalogLearning(
            Indexes, Releases, new IndexWriter(Writer, quota, Time), new LearningMetrics(meters), Time,
            NullLogger<CatalogLearning>.Instance);
        Pruning = new CatalogPruning(Writer, Options.Create(new PruningOptions()), Time, NullLogger<CatalogPruning>.Instance);
    }

    public static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    public VirtualTime Time { get; } = new();

    public string Folder => _folder.FullName;

    public CatalogDatabase Database { get; }

    public CatalogReader Reader { get; }

    public FailoverOptions Origins { get; } = new();

    public MirrorList Mirrors { get; }

    public ContentOrigins ContentOrigins { get; }

    public CatalogWriter Writer { get; }

    public KnownSuites Suites { get; }

    public KnownIndexes Indexes { get; }

    public TrustedArchives Trust { get; }

    public ArchiveCatalog Catalog { get; }

    public ReleaseWriter Releases { get; }

    public CatalogLearning Learning { get; }

    public CatalogPruning Pruning { get; }

    public static Origin Origin(string url)
    {
        var rest = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var (scheme, authority, path) = (url[..url.IndexOf(':')], rest[..rest.IndexOf('/')], rest[rest.IndexOf('/')..]);
        var port = authority.LastIndexOf(':') is > 0 and var colon
            ? int.Parse(authority[(colon + 1)..], CultureInfo.InvariantCulture)
            : AptP2P.Origin.DefaultPort(scheme);
        return new Origin(scheme, authority.Split(':')[0], port, path, OriginReach.Local);
    }

    public static byte[] Packages(params (string Filename, ContentHash Hash, long Size)[] files) =>
        Encoding.UTF8.GetBytes(
            string.Concat(
                files.Select(
                    (file, number) =>
                        $"Package: p{number}\nVersion: 1\nFilename: {file.Filename}\nSize: {file.Size}\nSHA256: "
                        + $"{file.Hash}\nDescription: one\n two\n\n")));

    public static byte[] Release(params (string Name, byte[] Text)[] files) => Release(null, files);

    /// <param name="fields">What else it says: whole lines.</param>
    /// <param name="files">What it names.</param>
    public static byte[] Release(string? fields, params (string Name, byte[] Text)[] files) =>
        Encoding.UTF8.GetBytes(
            $"Suite: test\n{fields}SHA256:\n"
                + string.Concat(files.Select(file => $" {ContentHash.Of(file.Text)} {file.Text.Length} {file.Name}\n")));

    /// <summary>A Release of so many minutes after <see cref="VirtualTime"/> begins.</summary>
    public static byte[] Dated(int minutesLater, string file = IndexName, string? fields = null, bool isSigned = true)
    {
        var date = Began.AddMinutes(minutesLater).ToString("ddd, d MMM yyyy HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        var text = Release($"Date: {date}\n{fields}", (file, [1]));
        return isSigned ? InRelease(text) : text;
    }

    /// <summary>A text as it stands in an InRelease; nobody could verify it.</summary>
    public static byte[] InRelease(byte[] release) =>
        [
            .. "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n"u8,
            .. release,
            .. "-----BEGIN PGP SIGNATURE-----\n\niHUE\n-----END PGP SIGNATURE-----\n"u8,
        ];

    public static ContentHash Hash(string text) => ContentHash.Of(Encoding.UTF8.GetBytes(text));

    /// <summary>Keeps copies beside this catalog, with signatures checked as the options say; by default not at all.</summary>
    public MetadataKeeping Keeping(MetadataCopies copies, SignatureOptions? options = null)
    {
        var signatures = Options.Create(options ?? new SignatureOptions { Signatures = SignaturesMode.Off });
        SourceAddress addresses = address =>
            Uri.TryCreate(address, UriKind.Absolute, out var uri)
                ? new Origin(uri.Scheme, uri.Host, uri.Port, uri.AbsolutePath, OriginReach.Local)
                : null;
        var checks = new SignatureChecks(
            Folder, signatures, new Keyrings(signatures, addresses), Time, NullLogger<SignatureChecks>.Instance);
        var held = new HeldBackReleases(Time, NullLogger<HeldBackReleases>.Instance);
        return new MetadataKeeping(Learning, copies, held, checks, Time, NullLogger<MetadataKeeping>.Instance);
    }

    /// <summary>Learns a Release that names this one index, then the index.</summary>
    public async Task<LearnResult> LearnAsync(string suite, string name, byte[] index)
    {
        await Learning.LearnReleaseAsync(Origin(suite + "InRelease"), Release((name, index)), Cancellation);
        return await LearnIndexAsync(suite + name, index);
    }

    public Task<LearnResult> LearnIndexAsync(string url, byte[] index) =>
        Learning.LearnIndexAsync(
            Origin(url), ContentHash.Of(index), () => ValueTask.FromResult<Stream>(new MemoryStream(index)), Cancellation);

    public void Dispose()
    {
        Pruning.Dispose();
        Learning.Dispose();
        Reader.Dispose();
        Trust.Dispose();
        Writer.Dispose();
        Database.Dispose();
        _meters.Dispose();
        if (_ownsFolder)
        {
            _folder.Delete(recursive: true);
        }
    }
}
