using AptP2P.Host.Storage.Space;
using Xunit;

namespace AptP2P.Host.Tests.Storage.Space;

/// <summary>What goes when there is too little room, and what is refused.</summary>
public sealed class QuotaTests
{
    private static readonly QuotaOptions Small = new() { Quota = new ByteSize(100_000), KeepFree = new ByteSize(0) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Begin_OverQuota_WhatNoIndexNamesGoesFirstThenTheLeastRecentlyUsed()
    {
        using var rig = new StoreRig(Small);
        var (old, used, unnamed, last) = (
            await rig.PutAsync(20_000, 1), await rig.PutAsync(20_000, 2), await rig.PutAsync(20_000, 3), await rig.PutAsync(20_000, 4));
        rig.Unnamed.Add(unnamed);
        rig.Time.Advance(TimeSpan.FromMinutes(1));

        await rig.PutAsync(30_000, 5); // 10,000 are missing, and 8,000 more go
        Assert.Equal([true, true, false, true], Have(rig, old, used, unnamed, last));

        rig.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await rig.HasAsync(old));
        await rig.PutAsync(20_000, 6);
        Assert.Equal([true, false, true], Have(rig, old, used, last));
    }

    [Fact]
    public async Task Begin_AfterARestart_WhatIsThereCounts()
    {
        using var rig = new StoreRig(Small);
        var (first, second) = (await rig.PutAsync(40_000, 1), await rig.PutAsync(40_000, 2));
        File.SetLastAccessTimeUtc(rig.Paths.Content(second), new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        rig.Restart(Small);
        await rig.Store.Inventory.LoadAsync();

        await rig.PutAsync(40_000, 3);

        Assert.Equal([true, false], Have(rig, first, second));
    }

    [Fact]
    public async Task Begin_LargerThanHalfOfTheQuota_IsRefusedAndNothingGoes()
    {
        using var rig = new StoreRig(Small);
        var stored = await rig.PutAsync(50_000, 1);

        var error = await Assert.ThrowsAsync<IOException>(() => rig.PutAsync(50_001, 2));

        Assert.Contains("half of [Store] Quota", error.Message, StringComparison.Ordinal);
        Assert.True(await rig.HasAsync(stored));
        Assert.Null(rig.Store.Quota.Refusal); // others are stored
    }

    [Fact]
    public async Task Begin_LengthThatNoDiskHas_NothingGoesForIt()
    {
        using var rig = new StoreRig(new QuotaOptions { Quota = new ByteSize(0), KeepFree = new ByteSize(1_000) });
        var stored = await rig.PutAsync(50_000, 1);

        await Assert.ThrowsAsync<IOException>(async () => await rig.Store.BeginAsync(ContentHash.Of([1]), long.MaxValue, Cancellation));

        Assert.True(await rig.HasAsync(stored));
    }

    [Fact]
    public async Task Begin_Unfinished_CountWithAllThatTheyWillBe()
    {
        using var rig = new StoreRig(Small);
        var stored = await rig.PutAsync(30_000, 1);
        await using var first = await rig.Store.BeginAsync(ContentHash.Of([1]), 50_000, Cancellation);
        await using var second = await rig.Store.BeginAsync(ContentHash.Of([2]), 40_000, Cancellation); // for which what is stored goes

        Assert.False(await rig.HasAsync(stored));
        await Assert.ThrowsAsync<IOException>(async () => await rig.Store.BeginAsync(ContentHash.Of([3]), 20_000, Cancellation));
        Assert.True(File.Exists(rig.Paths.Partial(ContentHash.Of([1])))); // somebody is at it
    }

    [Fact]
    public async Task Begin_UnfinishedThatWasLeft_GoesInItsTurn()
    {
        using var rig = new StoreRig(Small);
        var left = await rig.LeaveAsync(50_000, 1);
        var stored = await rig.PutAsync(50_000, 2);

        await rig.PutAsync(40_000, 3);

        Assert.True(await rig.HasAsync(stored));
        Assert.False(File.Exists(rig.Paths.Partial(left)));
        Assert.False(File.Exists(rig.Paths.Marks(left)));
    }

    [Fact]
    public async Task RemovePartials_LeftForLong_AreGoneAndCountNoMore()
    {
        using var rig = new StoreRig(Small);
        var old = await rig.LeaveAsync(10_000, 1);
        rig.Time.Advance(TimeSpan.FromDays(3));
        var young = await rig.LeaveAsync(10_000, 2);

        Assert.Equal(1, rig.Store.RemovePartials(rig.Store.Now - Small.KeepPartials));

        Assert.False(File.Exists(rig.Paths.Partial(old)));
        Assert.True(File.Exists(rig.Paths.Partial(young)));
        Assert.Equal(5_000, rig.Store.Inventory.PartialBytes);
    }

    [Fact]
    public async Task Load_CopiesForOutages_CountInTheQuota()
    {
        using var rig = new StoreRig(Small);
        var stored = await rig.PutAsync(30_000, 1);
        Copy(rig, "one.copy", 60_000, days: 0);
        rig.Restart(Small);
        await rig.Store.Inventory.LoadAsync();

        await rig.PutAsync(30_000, 2);

        Assert.False(await rig.HasAsync(stored));
    }

    [Fact]
    public void TidyCopies_OldOrTooMany_TheLeastRecentlyUsedGo()
    {
        using var rig = new StoreRig(Small); // of which copies may take 5,000
        Copy(rig, "old.copy", 10, days: 91);
        Copy(rig, "large.copy", 2_000, days: 3);
        Copy(rig, "used.copy", 2_000, days: 2);
        Copy(rig, "new.copy", 2_000, days: 1);
        Copy(rig, "draft-1", 100, days: 100);

        rig.Store.TidyCopies(rig.Store.Now - TimeSpan.FromDays(90));

        Assert.Equal(
            ["draft-1", "new.copy", "used.copy"],
            Directory.EnumerateFiles(rig.Paths.Metadata).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(4_100, rig.Store.Inventory.OtherBytes);
    }

    private static void Copy(StoreRig rig, string name, int length, int days)
    {
        var file = Path.Combine(Directory.CreateDirectory(rig.Paths.Metadata).FullName, name);
        File.WriteAllBytes(file, new byte[length]);
        File.SetLastWriteTimeUtc(file, rig.Store.Now - TimeSpan.FromDays(days));
        File.SetLastAccessTimeUtc(file, rig.Store.Now - TimeSpan.FromDays(days));
    }

    /// <summary>Whether these are there; it is no use of them to look.</summary>
    private static bool[] Have(StoreRig rig, params ContentHash[] hashes) =>
        [.. hashes.Select(hash => File.Exists(rig.Paths.Content(hash)))];
}
