using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Signatures;
using AptP2P.Host.Sharing;
using AptP2P.Testing;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Sharing;

/// <summary>A version that its archive no longer names tells who has not updated: nobody hears of it any more.</summary>
public sealed class ReplacedVersionsTests : IDisposable
{
    private const string Archive = "http://deb.example/debian/";
    private const string Dists = Archive + "dists/stable/";
    private const string Early = "Date: Fri, 20 Nov 2015 02:27:59 UTC\n";
    private const string Late = "Date: Fri, 20 Nov 2015 08:00:00 UTC\n";

    private static readonly byte[] Old = TestContent.Bytes(1_000);
    private static readonly byte[] New = TestContent.Bytes(2_000);
    private static readonly byte[] OldIndex = Index("pool/a_1.deb", Old);
    private static readonly byte[] NewIndex = Index("pool/a_2.deb", New);

    private readonly SharingRig _rig = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("*")]
    [InlineData("deb.example")]
    public async Task Run_TheNewIndexIsRead_TheOldVersionIsWithdrawn(string archives)
    {
        await LearnAsync(Dists, Early, OldIndex);
        var (announcer, contents) = Make(archives);
        var hash = _rig.Fetches.Store.Put(Old);
        await announcer.StartAsync(Cancellation);
        await announcer.StartedAsync(Cancellation);
        await _rig.Announced.Told.WaitAsync(Cancellation);
        Assert.Equal([hash], _rig.Announced.Hashes);

        await LearnAsync(Dists, Late, NewIndex);
        _rig.Fetches.Time.Advance(Announcer.Gathering);
        await _rig.Announced.Told.WaitAsync(Cancellation);

        Assert.Empty(_rig.Announced.Hashes);
        Assert.False(await contents.HasAsync(hash, Cancellation));
        Assert.Null(await contents.OpenAsync(hash, Cancellation));
        await announcer.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Review_TheNewIndexIsNotReadYet_NothingIsWithdrawnButTheOldIndex()
    {
        await LearnAsync(Dists, Early, OldIndex);
        await ReleaseAsync(Dists, Late, NewIndex);

        Assert.Equal([ContentHash.Of(Old)], await ToldAsync(Old, OldIndex));
    }

    [Fact]
    public async Task Review_AMirrorIsBehind_NothingIsWithdrawn()
    {
        await LearnAsync(Dists, Late, NewIndex);
        await ReleaseAsync(Dists, Early, OldIndex); // another server of the same name

        Assert.Equal([ContentHash.Of(New), ContentHash.Of(NewIndex)], await ToldAsync(New, NewIndex));
    }

    [Fact]
    public async Task Review_AnotherSuiteOrArchiveStillNamesIt_StaysUntilNoneDoes()
    {
        const string Other = "http://other.example/debian/dists/stable/";
        await LearnAsync(Dists, Early, OldIndex);
        await LearnAsync(Archive + "dists/testing/", Early, OldIndex);
        await LearnAsync(Other, Early, OldIndex);
        foreach (var suite in (string[])[Dists, Archive + "dists/testing/"])
        {
            await LearnAsync(suite, Late, NewIndex);
            Assert.Equal([ContentHash.Of(Old)], await ToldAsync(Old));
        }

        await LearnAsync(Other, Late, NewIndex);
        Assert.Empty(await ToldAsync(Old));
    }

    [Fact]
    public async Task Review_TheReleaseNoLongerHasTheIndex_IsWithdrawn()
    {
        await LearnAsync(Dists, Early, OldIndex);
        await _rig.Catalog.Learning.LearnReleaseAsync(
            Origin(Dists + "InRelease"), Release(Late, ("contrib/Packages", NewIndex)), Cancellation);

        Assert.Empty(await ToldAsync(Old, OldIndex));
    }

    [Fact]
    public async Task Review_ReplacedRowsArePruned_StaysWithdrawn()
    {
        await LearnAsync(Dists, Early, OldIndex);
        await LearnAsync(Dists, Late, NewIndex);
        await _rig.Catalog.Pruning.PruneAsync(_rig.Catalog.Time.GetUtcNow().AddDays(1), Cancellation);

        Assert.Empty(await ToldAsync(Old, OldIndex));
    }

    [Fact]
    public async Task Review_KnownFromAptsListsToo_TheNewerOfBothCounts()
    {
        var lists = new ArchivePath(AptListName.UnknownScheme, "deb.example", 0, "/debian/dists/stable/InRelease");
        await _rig.Catalog.Learning.LearnReleaseAsync(
            lists, Release(Early, ("main/Packages", OldIndex)), ReleaseTrust.Unknown, settles: false, Cancellation);
        var index = _rig.Catalog.Indexes.FindCurrentByName(lists with { Path = "/debian/dists/stable/main/Packages" })!;
        await _rig.Catalog.Learning.LearnListAsync(
            lists, index, null, () => ValueTask.FromResult<Stream>(new MemoryStream(OldIndex)), Cancellation);
        await ReleaseAsync(Dists, Late, NewIndex);
        Assert.Equal([ContentHash.Of(Old)], await ToldAsync(Old, OldIndex)); // the new one is not read yet

        await _rig.Catalog.LearnIndexAsync(Dists + "main/Packages", NewIndex);

        Assert.Empty(await ToldAsync(Old, OldIndex));
    }

    [Fact]
    public async Task Ask_ForAnIndexByItsHash_OnlyWhileItsReleaseIsTheNewest()
    {
        var content = new Content(
            ContentHash.Of(OldIndex), OldIndex.Length, [Origin($"{Dists}main/by-hash/SHA256/{ContentHash.Of(OldIndex)}")]);
        await LearnAsync(Dists, Early, OldIndex);
        var (announcer, _) = Make("*");
        Assert.True(_rig.Shares.MayAskPeers(content));

        await LearnAsync(Dists, Late, NewIndex);
        announcer.OnPublished(content, null);
        await announcer.AnnounceFreshAsync(Cancellation);

        Assert.False(_rig.Shares.MayAskPeers(content));
        Assert.Empty(_rig.Announced.Hashes);
    }

    [Fact]
    public async Task Review_AfterAStart_WhatWasEvictedBeforeIsWithdrawnAndWhatIsFetchedStays()
    {
        await LearnAsync(Dists, Early, OldIndex);
        var (announcer, _) = Make("*");
        var stored = _rig.Fetches.Store.Put(Old);
        var (evicted, fetched) = (ContentHash.Of("evicted"u8), ContentHash.Of("fetched"u8));
        _rig.Announced.Hashes.UnionWith([stored, evicted]); // as the store remembers
        await _rig.PeerStores.AnnounceAsync(new Announcement(fetched, 7, null), Cancellation);

        await announcer.ReviewAsync(Cancellation);

        Assert.Equal(new HashSet<ContentHash> { stored, fetched }, _rig.Announced.Hashes);
    }

    private static byte[] Index(string name, byte[] file) => Packages((name, ContentHash.Of(file), file.Length));

    private (Announcer Announcer, SharedContents Contents) Make(string archives) => _rig.Make(share: true, archives, "");

    /// <summary>What a node that has stored these tells after its start.</summary>
    private async Task<HashSet<ContentHash>> ToldAsync(params byte[][] stored)
    {
        foreach (var bytes in stored)
        {
            _rig.Fetches.Store.Put(bytes);
        }

        _rig.Announced.Hashes.Clear();
        await Make("*").Announcer.ReviewAsync(Cancellation);
        return _rig.Announced.Hashes;
    }

    private async Task ReleaseAsync(string suite, string date, byte[] index) =>
        await _rig.Catalog.Learning.LearnReleaseAsync(Origin(suite + "InRelease"), Release(date, ("main/Packages", index)), Cancellation);

    private async Task LearnAsync(string suite, string date, byte[] index)
    {
        await ReleaseAsync(suite, date, index);
        await _rig.Catalog.LearnIndexAsync(suite + "main/Packages", index);
    }
}
