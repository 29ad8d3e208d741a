using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Archives;
using AptP2P.Host.Catalog.Signatures;
using AptP2P.Host.Sharing;
using AptP2P.Host.Storage.Checking;
using AptP2P.Host.Tests.Catalog;
using AptP2P.Host.Tests.Fetching;
using AptP2P.Host.Tests.Origins.Connecting;
using AptP2P.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Sharing;

/// <summary>Two archives, one in public and one within, and what they hold, under rules that a test gives.</summary>
internal sealed class SharingRig : IDisposable
{
    public static readonly byte[] Public = TestContent.Bytes(1_000);
    public static readonly byte[] Secret = TestContent.Bytes(2_000);
    public static readonly byte[] Both = TestContent.Bytes(3_000);

    private readonly CatalogUnderTest _catalog = new();
    private readonly List<Announcer> _made = [];
    private readonly Network _network = new();

    public SharingRig() =>
        Sightings = new PublicArchives(
            _catalog.Database, _catalog.Writer, _network.Names, _network.Time, NullLogger<PublicArchives>.Instance);

    public FetchRig Fetches { get; } = new(TestContent.Bytes(50_000));

    public PeerStore Announced { get; } = new();

    public LogLines<WithheldArchives> Log { get; } = new();

    public PublicArchives Sightings { get; }

    public PeerStores PeerStores { get; private set; } = null!;

    public ShareRules Rules { get; private set; } = null!;

    public ShareList Shares { get; private set; } = null!;

    public WithheldArchives Withheld { get; private set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _made.ForEach(announcer => announcer.Dispose());
        Fetches.Dispose();
        Sightings.Dispose();
        _catalog.Dispose();
    }

    public static Content From(params string[] urls) =>
        new(ContentHash.Of(Public), Public.Length, [.. urls.Select(CatalogUnderTest.Origin)]);

    /// <summary>Has the names of both resolved.</summary>
    public async Task KnowAsync(string debian = "151.101.2.132", string secret = "10.0.0.5")
    {
        foreach (var (name, address) in new[] { ("ftp.us.debian.org", debian), ("secret.example", secret) })
        {
            _network.Resolves(name, address);
            _network.Time.Advance(Host.Origins.Connecting.NameCache.Fresh);
            await _network.Names.ResolveAsync(name, Cancellation);
        }
    }

    public CatalogUnderTest Catalog => _catalog;

    /// <summary>Has the catalog learn what both hold.</summary>
    public async Task LearnAsync()
    {
        (string, ContentHash, long) File(string name, byte[] bytes) => ($"pool/{name}.deb", ContentHash.Of(bytes), bytes.Length);
        await _catalog.LearnAsync(
            "http://ftp.us.debian.org/debian/dists/stable/", "main/Packages",
            CatalogUnderTest.Packages(File("public", Public), File("both", Both)));
        await _catalog.LearnAsync(
            "http://secret.example:81/dists/stable/", "main/Packages",
            CatalogUnderTest.Packages(File("secret", Secret), File("both", Both)));
    }

    public async Task LearnAsync(string suite, ReleaseTrust trust, params (string Name, byte[] Bytes)[] files)
    {
        var index = CatalogUnderTest.Packages([.. files.Select(file => (file.Name, ContentHash.Of(file.Bytes), (long)file.Bytes.Length))]);
        Assert.True(ArchivePath.TryParse(CatalogUnderTest.Origin(suite + "InRelease"), out var path, out _));
        await _catalog.Learning.LearnReleaseAsync(
            path, CatalogUnderTest.Release(("main/Packages", index)), trust, settles: false, Cancellation);
        await _catalog.LearnIndexAsync(suite + "main/Packages", index);
    }

    public (Announcer Announcer, SharedContents Contents) Make(bool share, string archives, string except, IContentStore? store = null)
    {
        store ??= Fetches.Store;
        var options = Options.Create(
            new SharingOptions
            {
                Reach = share ? PeerReach.World : PeerReach.Off,
                Archives = Read(archives),
                ExceptArchives = Read(except),
            });
        Rules = new ShareRules(options, Sightings);
        Withheld = new WithheldArchives(Rules, Log);
        Shares = new ShareList(Rules, new NamingArchives(_catalog.Database), _catalog.Trust, Withheld, _catalog.Catalog);
        var check = new StoreCheck(store, Fetches.Time, NullLogger<StoreCheck>.Instance);
        PeerStores = new PeerStores([Announced], NullLogger<PeerStores>.Instance);
        var announcer = new Announcer(
            store, check, PeerStores, Fetches.Fetcher, Shares, options,
            Fetches.Time, Sightings, _catalog.Writer);
        _made.Add(announcer);
        return (announcer, new SharedContents(store, Fetches.Fetcher, Shares, new SharedBytes()));
    }

    private static ArchivePattern[] Read(string text) =>
        [
            .. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(one => ArchivePattern.Parse(one, null)),
        ];

    /// <summary>A peer store that remembers.</summary>
    public sealed class PeerStore : IPeerStore
    {
        public HashSet<ContentHash> Hashes { get; } = [];

        /// <summary>Released when it has been told something.</summary>
        public SemaphoreSlim Told { get; } = new(0);

        public ValueTask AnnounceAsync(Announcement announcement, CancellationToken cancellationToken)
        {
            Hashes.Add(announcement.Hash);
            Told.Release();
            return ValueTask.CompletedTask;
        }

        public ValueTask WithdrawAsync(ContentHash hash, CancellationToken cancellationToken)
        {
            Hashes.Remove(hash);
            Told.Release();
            return ValueTask.CompletedTask;
        }

        public ValueTask KeepOnlyAsync(IReadOnlySet<ContentHash> hashes, CancellationToken cancellationToken)
        {
            Hashes.IntersectWith(hashes);
            return ValueTask.CompletedTask;
        }
    }
}
