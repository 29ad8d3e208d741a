using AptP2P.Host.Apt;
using AptP2P.Host.Catalog;
using AptP2P.Host.Sharing;
using AptP2P.Host.Storage;
using AptP2P.Host.Tests.Catalog;
using AptP2P.Host.Tests.Fetching;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Sharing;

/// <summary>What is announced and what is given are the same: whatever the rules say.</summary>
public sealed class SharingTests : IDisposable
{
    private static readonly byte[] Public = TestContent.Bytes(1_000);
    private static readonly byte[] Secret = TestContent.Bytes(2_000);
    private static readonly byte[] Both = TestContent.Bytes(3_000);
    private static readonly byte[] Unknown = TestContent.Bytes(4_000);

    private readonly CatalogUnderTest _catalog = new();
    private readonly FetchRig _rig = new(TestContent.Bytes(50_000));
    private readonly Announcements _announcements = new();
    private readonly List<Announcer> _made = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _made.ForEach(announcer => announcer.Dispose());
        _rig.Dispose();
        _catalog.Dispose();
    }

    [Theory]
    [InlineData(true, "", "", "public secret both unknown")]
    [InlineData(false, "", "", "")]
    [InlineData(true, "", "secret.example", "public both")]
    [InlineData(true, "ftp.us.debian.org/debian", "", "public both")]
    [InlineData(true, "secret.example:81", "", "secret both")]
    [InlineData(true, "other.example", "", "")]
    public async Task Start_StoredContents_AnnouncedAndGivenAreTheSame(bool share, string archives, string except, string expected)
    {
        await LearnAsync();
        var names = new Dictionary<string, ContentHash>();
        foreach (var (name, bytes) in new[] { ("public", Public), ("secret", Secret), ("both", Both), ("unknown", Unknown) })
        {
            names[name] = _rig.Store.Put(bytes);
        }

        var (announcer, contents) = Make(share, archives, except);
        await announcer.ReviewAsync(Cancellation);
        var given = new List<string>();
        foreach (var (name, hash) in names)
        {
            await using var content = await contents.OpenAsync(hash, Cancellation);
            Assert.Equal(content is not null, await contents.HasAsync(hash, Cancellation));
            given.AddRange(content is null ? [] : [name]);
        }

        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), given);
        Assert.Equal(given.Select(name => names[name]).ToHashSet(), _announcements.Hashes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*.example")]
    public async Task Start_RestsOnASignatureThatAptRefuses_NeitherAnnouncedNorGiven(string archives)
    {
        await LearnAsync("http://distrusted.example/dists/x/", ReleaseTrust.Bad, ("a", Secret), ("b", Both));
        await LearnAsync("http://trusted.example/dists/x/", ReleaseTrust.Unknown, ("b", Both));
        ContentHash[] stored = [_rig.Store.Put(Secret), _rig.Store.Put(Both)];
        var (announcer, contents) = Make(share: true, archives, "");

        await announcer.ReviewAsync(Cancellation);

        Assert.Equal([stored[1]], _announcements.Hashes);
        Assert.False(await contents.HasAsync(stored[0], Cancellation));
        Assert.True(await contents.HasAsync(stored[1], Cancellation));
    }

    [Fact]
    public async Task Published_RestsOnASignatureThatAptRefuses_NeitherAnnouncedNorGiven()
    {
        await LearnAsync("http://distrusted.example/dists/x/", ReleaseTrust.Bad, ("a", Secret));
        var (announcer, contents) = Make(share: true, "", "");

        announcer.OnPublished(new Content(_rig.Store.Put(Secret), Secret.Length, [CatalogUnderTest.Origin("http://distrusted.example/a")]), null);
        await announcer.AnnounceFreshAsync(Cancellation);

        Assert.Empty(_announcements.Hashes);
        Assert.False(await contents.HasAsync(ContentHash.Of(Secret), Cancellation));
    }

    [Theory]
    [InlineData("mirror.test", true)]
    [InlineData("other.example", false)]
    public async Task Fetched_UnderTheRules_GivenOnlyIfItsArchiveIs(string archives, bool isShared)
    {
        var (announcer, contents) = Make(share: true, archives, "");
        _rig.AddMirror();
        _rig.EndSearch();
        _rig.Fetcher.Published += announcer.OnPublished;
        _rig.Read();
        _rig.Thread.Run(() => _rig.Fetcher.StopAsync(Cancellation)); // all has been told by then
        await announcer.AnnounceFreshAsync(Cancellation);

        await using var content = await contents.OpenAsync(_rig.Content.Hash, Cancellation);

        Assert.Equal(isShared, content is not null);
        Assert.Equal(isShared ? [_rig.Content.Hash] : [], _announcements.Hashes);
    }

    [Fact]
    public async Task Removed_FoundDamaged_IsWithdrawnAndAnnouncedAgainWhenItIsBack()
    {
        var (announcer, _) = Make(share: true, "", "");
        var hash = _rig.Store.Put(Public);
        await announcer.ReviewAsync(Cancellation);
        Assert.Equal([hash], _announcements.Hashes);

        announcer.OnRemoved(hash);
        await announcer.AnnounceFreshAsync(Cancellation);
        Assert.Empty(_announcements.Hashes);

        announcer.OnPublished(new Content(hash, Public.Length, []), null);
        await announcer.AnnounceFreshAsync(Cancellation);
        Assert.Equal([hash], _announcements.Hashes);
    }

    [Fact]
    public void Fetching_NotShared_PeersSeeNothingOfIt()
    {
        var (_, contents) = Make(share: true, "other.example", "");
        var mirror = _rig.AddMirror(ChannelAct.Stall(20_000));
        _rig.EndSearch();

        _rig.Thread.Run(async () =>
        {
            await using var reader = await _rig.Fetcher.JoinAsync(_rig.Content, Cancellation);
            await mirror.StalledAsync(Cancellation);
            Assert.NotNull(_rig.Fetcher.Find(_rig.Content.Hash));
            Assert.Null(await contents.OpenAsync(_rig.Content.Hash, Cancellation));
        });
    }

    private async Task LearnAsync()
    {
        (string, ContentHash, long) File(string name, byte[] bytes) => ($"pool/{name}.deb", ContentHash.Of(bytes), bytes.Length);
        await _catalog.LearnAsync("http://ftp.us.debian.org/debian/dists/stable/", "main/Packages", CatalogUnderTest.Packages(File("public", Public), File("both", Both)));
        await _catalog.LearnAsync("http://secret.example:81/dists/stable/", "main/Packages", CatalogUnderTest.Packages(File("secret", Secret), File("both", Both)));
    }

    private async Task LearnAsync(string suite, ReleaseTrust trust, params (string Name, byte[] Bytes)[] files)
    {
        var index = CatalogUnderTest.Packages([.. files.Select(file => (file.Name, ContentHash.Of(file.Bytes), (long)file.Bytes.Length))]);
        Assert.True(ArchivePath.TryParse(CatalogUnderTest.Origin(suite + "InRelease"), out var path, out _));
        await _catalog.Catalog.LearnReleaseAsync(path, CatalogUnderTest.Release(("main/Packages", index)), trust, Cancellation);
        await _catalog.LearnIndexAsync(suite + "main/Packages", index);
    }

    private (Announcer Announcer, SharedContents Contents) Make(bool share, string archives, string except)
    {
        var options = Options.Create(new SharingOptions { Share = share, Archives = Read(archives), ExceptArchives = Read(except) });
        var shares = new ShareList(new ShareRules(options), new CatalogOwners(_catalog.Database), _catalog.Trust);
        var check = new StoreCheck(_rig.Store, _rig.Time, NullLogger<StoreCheck>.Instance);
        var announcer = new Announcer(_rig.Store, check, new PeerStores([_announcements], NullLogger<PeerStores>.Instance), _rig.Fetcher, shares, options, _rig.Time);
        _made.Add(announcer);
        return (announcer, new SharedContents(_rig.Store, _rig.Fetcher, shares));
    }

    private static ArchivePattern[] Read(string text) => text.Length == 0 ? [] : [ArchivePattern.Parse(text, null)];

    private sealed class Announcements : IPeerStore
    {
        public HashSet<ContentHash> Hashes { get; } = [];

        public ValueTask AnnounceAsync(Announcement announcement, CancellationToken cancellationToken)
        {
            Hashes.Add(announcement.Hash);
            return ValueTask.CompletedTask;
        }

        public ValueTask WithdrawAsync(ContentHash hash, CancellationToken cancellationToken)
        {
            Hashes.Remove(hash);
            return ValueTask.CompletedTask;
        }
    }
}
