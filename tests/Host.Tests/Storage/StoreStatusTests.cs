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

    private readonly Dictionary<ContentHash, ContentKind> _kinds = [];

    protected override IStatusSection Section => new StoreStatus(_rig.Store, _check, _ => _kinds, _rig.Time);

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
        var problem = await ProblemAsync();
        Assert.Equal(("diskFull", ProblemSeverity.Warning), (problem?.Key, problem?.Severity));
        Assert.Equal("The disk has 110 kB left; nothing new is kept", problem!.Label);
    }

    [Fact]
    public async Task Read_QuotaFullOfWhatIsWritten_SaysThatItIsTheQuota()
    {
        _rig.Restart(new QuotaOptions { KeepFree = new ByteSize(0), Quota = new ByteSize(100_000) });
        await using var one = await _rig.Store.BeginAsync(ContentHash.Of([1]), 50_000, TestContext.Current.CancellationToken);
        await using var other = await _rig.Store.BeginAsync(ContentHash.Of([2]), 40_000, TestContext.Current.CancellationToken);
        Assert.Null(await ProblemAsync());

        await Assert.ThrowsAsync<IOException>(() => _rig.PutAsync(20_000, 2));

        Assert.Equal("storeStopped", (await ProblemAsync())?.Key);
    }

    [Fact]
    public async Task Read_Removed_IsCounted()
    {
        await _rig.PutAsync(40_000, 1);
        await _rig.PutAsync(80_000, 2);

        Assert.Equal((1L, 40_000L), (await ValueAsync("evictions"), await ValueAsync("evictedBytes")));
    }

    [Fact]
    public async Task Read_OnceCounted_TheKindsOfWhatIsStored()
    {
        _rig.Disk = 1_000_000;
        var first = _rig.Time.GetUtcNow();
        _kinds[await _rig.PutAsync(1_000, 1)] = ContentKind.Packages;
        _kinds[await _rig.PutAsync(2_000, 2)] = ContentKind.Packages;
        _kinds[await _rig.PutAsync(300, 3)] = ContentKind.Indexes;
        _kinds[await _rig.PutAsync(40, 4)] = ContentKind.Sources;
        await _rig.PutAsync(5, 5);
        await _rig.LeaveAsync(10_000, 6);
        var section = new StoreStatus(_rig.Store, _check, _ => _kinds, _rig.Time);

        await section.Parts!.Refresh();
        await _rig.PutAsync(6, 7); // has come since

        var table = (await section.ReadAsync(TestContext.Current.CancellationToken)).OfType<StatusTable>().Single();
        Assert.Equal(
            [
                ("packages", 2, 3_000L), ("indexes", 1, 300L), ("sources", 1, 40L), ("partial", 1, 5_000L), ("copies", null, 0L),
                ("other", 2, 11L),
            ],
            table.Rows.Select(row => ((string)row[0]!, (int?)row[1], (long)row[2]!)));
        Assert.Equal(first.UtcDateTime, section.Parts!.Read().OldestUse);
    }

    private async Task<StatusProblem?> ProblemAsync() =>
        (await Section.ReadAsync(TestContext.Current.CancellationToken)).OfType<StatusProblem>().SingleOrDefault();

    private async Task<object?> ValueAsync(string key) =>
        (await Section.ReadAsync(TestContext.Current.CancellationToken)).OfType<StatusValue>().Single(item => item.Key == key).Value;
}
