using AptP2P.Host.Storage.Space;
using AptP2P.Host.Tests.Catalog;
using AptP2P.Host.Tests.Storage;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Sharing;

/// <summary>What made room for others is no longer announced: whoever asked for it would ask in vain.</summary>
public sealed class EvictedTests
{
    private const int Length = 40_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_OneMakesRoomForAnother_IsWithdrawnAtOnce()
    {
        using var rig = new SharingRig();
        using var files = new StoreRig(new QuotaOptions { Quota = new ByteSize(100_000), KeepFree = new ByteSize(0) });
        await rig.Catalog.LearnAsync(
            "http://deb.example/debian/dists/stable/", "main/Packages",
            CatalogUnderTest.Packages([.. Enumerable.Range(1, 3).Select(i => ($"pool/{i}.deb", HashOf(i), (long)Length))]));
        var (announcer, _) = rig.Make(share: true, "*", "", files.Store);
        var (oldest, newer) = (await files.PutAsync(Length, 1), await files.PutAsync(Length, 2));
        await announcer.StartAsync(Cancellation);
        await announcer.StartedAsync(Cancellation);
        await rig.Announced.Told.WaitAsync(Cancellation);
        await rig.Announced.Told.WaitAsync(Cancellation);
        Assert.Equivalent(new[] { oldest, newer }, rig.Announced.Hashes, strict: true);

        await files.PutAsync(Length, 3);
        await rig.Announced.Told.WaitAsync(Cancellation);

        Assert.Equal([newer], rig.Announced.Hashes);
        await announcer.StopAsync(Cancellation);
    }

    private static ContentHash HashOf(int seed) => ContentHash.Of(TestContent.Bytes(Length, seed));
}
