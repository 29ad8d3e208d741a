using AptP2P.Host.Storage.Space;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AptP2P.Host.Tests.Storage.Space;

/// <summary>A disk that has too little left, by whoever filled it.</summary>
public sealed class KeepFreeTests
{
    private static readonly QuotaOptions Options = new() { KeepFree = new ByteSize(50_000) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Begin_BelowKeepFree_TheLeastRecentlyUsedGoes()
    {
        using var rig = new StoreRig(Options) { Disk = 150_000 };
        var (first, second) = (await rig.PutAsync(40_000, 1), await rig.PutAsync(40_000, 2));

        var third = await rig.PutAsync(40_000, 3);

        Assert.Equal((false, true, true), (await rig.HasAsync(first), await rig.HasAsync(second), await rig.HasAsync(third)));
    }

    [Fact]
    public async Task Begin_NothingCanGo_OneWarningAndOneLineWhenItGoesOn()
    {
        using var rig = new StoreRig(Options) { Disk = 60_000 };

        for (var seed = 0; seed < 3; seed++)
        {
            var error = await Assert.ThrowsAsync<IOException>(() => rig.PutAsync(40_000, seed));
            Assert.Contains("KeepFree", error.Message, StringComparison.Ordinal);
            Assert.NotNull(rig.Store.Quota.Refusal);
        }

        await rig.PutAsync(5_000, 10); // has room, which does not mean that the others have
        Assert.NotNull(rig.Store.Quota.Refusal);
        rig.Disk = 200_000;
        await rig.PutAsync(40_000, 0);

        Assert.Null(rig.Store.Quota.Refusal);
        Assert.Single(rig.Log.All, line => line.Level == LogLevel.Warning && line.Text.Contains("no room", StringComparison.Ordinal));
        Assert.Single(rig.Log.All, line =>
            line.Level == LogLevel.Information && line.Text.StartsWith("There is room again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Look_OthersFilledTheDisk_FilesGoThoughNobodyFetches()
    {
        using var rig = new StoreRig(Options) { Disk = 200_000 };
        var (first, second) = (await rig.PutAsync(40_000, 1), await rig.PutAsync(40_000, 2));
        rig.Disk = 120_000;

        await rig.Store.Quota.Look();

        Assert.Equal((false, true), (await rig.HasAsync(first), await rig.HasAsync(second)));
    }

    [Fact]
    public async Task Write_DiskFillsMeanwhile_OthersGo()
    {
        const int Step = 1 << 20;
        using var rig = new StoreRig(Options) { Disk = 200_000_000 };
        var stored = await rig.PutAsync(40_000, 1);
        await using var partial = await rig.Store.BeginAsync(ContentHash.Of([1]), 40 * Step, Cancellation);
        rig.Disk = 0;

        for (var i = 0; i < 40; i++)
        {
            await partial.WriteAsync(i * (long)Step, new byte[Step], Cancellation);
        }

        await rig.Store.Quota.MakeRoomAsync(0); // the look that a write has begun
        Assert.False(await rig.HasAsync(stored));
    }

    [Fact]
    public async Task Dispose_Unfinished_GivesBackWhatItHadAhead()
    {
        using var rig = new StoreRig(Options);
        var left = await rig.LeaveAsync(10_000_000, 1);

        Assert.Equal(5_000_000, rig.Store.Inventory.PartialBytes);
        Assert.Equal(5_000_000, new FileInfo(rig.Paths.Partial(left)).Length);
        await using var again = await rig.Store.BeginAsync(left, 10_000_000, Cancellation);
        Assert.Equal([new ByteRange(0, 5_000_000)], again.Recovered);
    }
}
