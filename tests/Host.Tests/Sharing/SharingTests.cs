using AptP2P.Host.Catalog.Signatures;
using AptP2P.Host.Sharing;
using AptP2P.Host.Tests.Catalog;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.Options;
using Xunit;
using static AptP2P.Host.Tests.Sharing.SharingRig;

namespace AptP2P.Host.Tests.Sharing;

/// <summary>What is announced and what is given are the same: whatever the rules say.</summary>
public sealed class SharingTests : IDisposable
{
    private static readonly byte[] Unknown = TestContent.Bytes(4_000);

    private readonly SharingRig _rig = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(true, "", "", "public both")]
    [InlineData(false, "", "", "")]
    [InlineData(false, "*", "", "")]
    [InlineData(true, "*", "", "public secret both")]
    [InlineData(true, "*", "secret.example", "public both")]
    [InlineData(true, "", "secret.example", "public both")]
    [InlineData(true, "", "ftp.us.debian.org", "")]
    [InlineData(true, "public, secret.example:81", "", "public secret both")]
    [InlineData(true, "ftp.us.debian.org/debian", "", "public both")]
    [InlineData(true, "secret.example:81", "", "secret both")]
    [InlineData(true, "other.example", "", "")]
    public async Task Start_StoredContents_AnnouncedAndGivenAreTheSame(bool share, string archives, string except, string expected)
    {
        await _rig.LearnAsync();
        var names = new Dictionary<string, ContentHash>();
        foreach (var (name, bytes) in new[] { ("public", Public), ("secret", Secret), ("both", Both), ("unknown", Unknown) })
        {
            names[name] = _rig.Fetches.Store.Put(bytes);
        }

        await _rig.KnowAsync();
        var (announcer, contents) = _rig.Make(share, archives, except);
        await announcer.ReviewAsync(Cancellation);
        var given = new List<string>();
        foreach (var (name, hash) in names)
        {
            await using var content = await contents.OpenAsync(hash, Cancellation);
            Assert.Equal(content is not null, await contents.HasAsync(hash, Cancellation));
            given.AddRange(content is null ? [] : [name]);
        }

        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), given);
        Assert.Equal(given.Select(name => names[name]).ToHashSet(), _rig.Announced.Hashes);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("*.example")]
    public async Task Start_RestsOnASignatureThatAptRefuses_NeitherAnnouncedNorGiven(string archives)
    {
        await _rig.LearnAsync("http://distrusted.example/dists/x/", ReleaseTrust.Bad, ("a", Secret), ("b", Both));
        await _rig.LearnAsync("http://trusted.example/dists/x/", ReleaseTrust.Unknown, ("b", Both));
        ContentHash[] stored = [_rig.Fetches.Store.Put(Secret), _rig.Fetches.Store.Put(Both)];
        var (announcer, contents) = _rig.Make(share: true, archives, "");

        await announcer.ReviewAsync(Cancellation);

        Assert.Equal([stored[1]], _rig.Announced.Hashes);
        Assert.False(await contents.HasAsync(stored[0], Cancellation));
        Assert.True(await contents.HasAsync(stored[1], Cancellation));
    }

    [Theory]
    [InlineData(PeerReach.World, "world: everybody")]
    [InlineData(PeerReach.Lan, "lan: its own network")]
    [InlineData(PeerReach.Off, "off: nobody but the mirrors")]
    public async Task Status_Always_SaysWhoCanSeeWhatIsDownloaded(PeerReach reach, string expected)
    {
        var rules = new ShareRules(Options.Create(new SharingOptions { Reach = reach }), publicArchives: null);

        var shown = await new SharingStatus(rules, new WithheldArchives(rules, _rig.Log)).ReadAsync(Cancellation);

        Assert.Equal(expected, ((StatusValue)shown.Single(item => item.Key == "reach")).Value);
    }

    [Fact]
    public async Task Published_RestsOnASignatureThatAptRefuses_NeitherAnnouncedNorGiven()
    {
        await _rig.LearnAsync("http://distrusted.example/dists/x/", ReleaseTrust.Bad, ("a", Secret));
        var (announcer, contents) = _rig.Make(share: true, "*", "");

        announcer.OnPublished(
            new Content(_rig.Fetches.Store.Put(Secret), Secret.Length, [CatalogUnderTest.Origin("http://distrusted.example/a")]), null);
        await announcer.AnnounceFreshAsync(Cancellation);

        Assert.Empty(_rig.Announced.Hashes);
        Assert.False(await contents.HasAsync(ContentHash.Of(Secret), Cancellation));
    }

    [Theory]
    [InlineData("mirror.test", true)]
    [InlineData("other.example", false)]
    public async Task Fetched_UnderTheRules_GivenOnlyIfItsArchiveIs(string archives, bool isShared)
    {
        var (announcer, contents) = _rig.Make(share: true, archives, "");
        _rig.Fetches.AddMirror();
        _rig.Fetches.EndSearch();
        _rig.Fetches.Fetcher.Published += announcer.OnPublished;
        _rig.Fetches.Read();
        _rig.Fetches.Thread.Run(() => _rig.Fetches.Fetcher.StopAsync(Cancellation)); // all has been told by then
        await announcer.AnnounceFreshAsync(Cancellation);

        await using var content = await contents.OpenAsync(_rig.Fetches.Content.Hash, Cancellation);

        Assert.Equal(isShared, content is not null);
        Assert.Equal(isShared ? [_rig.Fetches.Content.Hash] : [], _rig.Announced.Hashes);
    }

    [Fact]
    public async Task Removed_FoundDamaged_IsWithdrawnAndAnnouncedAgainWhenItIsBack()
    {
        await _rig.LearnAsync();
        var (announcer, _) = _rig.Make(share: true, "*", "");
        var hash = _rig.Fetches.Store.Put(Public);
        await announcer.ReviewAsync(Cancellation);
        Assert.Equal([hash], _rig.Announced.Hashes);

        announcer.OnRemoved(hash);
        await announcer.AnnounceFreshAsync(Cancellation);
        Assert.Empty(_rig.Announced.Hashes);

        announcer.OnPublished(new Content(hash, Public.Length, []), null);
        await announcer.AnnounceFreshAsync(Cancellation);
        Assert.Equal([hash], _rig.Announced.Hashes);
    }

    [Fact]
    public void Fetching_NotShared_PeersSeeNothingOfIt()
    {
        var (_, contents) = _rig.Make(share: true, "other.example", "");
        var mirror = _rig.Fetches.AddMirror(ChannelAct.Stall(20_000));
        _rig.Fetches.EndSearch();

        _rig.Fetches.Thread.Run(async () =>
        {
            await using var reader = await _rig.Fetches.Fetcher.JoinAsync(_rig.Fetches.Content, Cancellation);
            await mirror.StalledAsync(Cancellation);
            Assert.NotNull(_rig.Fetches.Fetcher.Find(_rig.Fetches.Content.Hash));
            Assert.Null(await contents.OpenAsync(_rig.Fetches.Content.Hash, Cancellation));
        });
    }
}
