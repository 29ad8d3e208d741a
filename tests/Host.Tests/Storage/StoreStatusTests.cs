using AptP2P.Host.Storage;
using AptP2P.Host.Storage.Checking;
using AptP2P.Host.Storage.Space;
using AptP2P.Testing.Conformance;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AptP2P.Host.Tests.Storage;

/// <summary>The store on the status page.</summary>
public sealed class StoreStatusTests : StatusSectionConformance, IAsyncLifetime
{
    private readonly StoreRig _rig = new(new QuotaOptions { KeepFree = new ByteSize(50_000), Quota = new ByteSize(0) }) { Disk = 150_000 };
    private readonly StoreCheck _check;

    public StoreStatusTests() => _check = new StoreCheck(_rig.Store, _rig.Time, NullLogger<StoreCheck>.Instance);

    protected override IStatusSection Section => new StoreStatus(_rig.Store, _check);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _check.DisposeAsync();
        _rig.Dispose();
    }

    [Fact]
    public async Task Read_FullDisk_SaysThatNothingIsStoredAndWhy()
    {
        var hash = await _rig.PutAsync(40_000, 1);
        await _check.VerifyAsync(hash, TestContext.Current.CancellationToken);
        Assert.Equal(
            (true, null, 1, 40_000L, 1L),
            (
                await ValueAsync("storing"),
                await ValueAsync("refusal"),
                await ValueAsync("files"),
                await ValueAsync("bytes"),
                await ValueAsync("verified")));

        await Assert.ThrowsAsync<IOException>(() => _rig.PutAsync(200_000, 2));

        Assert.Equal(false, await ValueAsync("storing"));
        Assert.Contains("KeepFree", Assert.IsType<string>(await ValueAsync("refusal")), StringComparison.Ordinal);
    }

    private async Task<object?> ValueAsync(string key) =>
        (await Section.ReadAsync(TestContext.Current.CancellationToken)).OfType<StatusValue>().Single(item => item.Key == key).Value;
}
