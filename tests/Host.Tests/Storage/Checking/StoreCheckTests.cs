using AptP2P.Host.Storage.Checking;
using AptP2P.Host.Storage.Space;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AptP2P.Host.Tests.Storage.Checking;

/// <summary>What is found of rotten files, and what becomes of them.</summary>
public sealed class StoreCheckTests : IAsyncLifetime
{
    private readonly StoreRig _rig = new(new QuotaOptions { KeepFree = new ByteSize(0) });
    private readonly StoreCheck _check;
    private readonly List<ContentHash> _removed = [];

    public StoreCheckTests()
    {
        _check = new StoreCheck(_rig.Store, _rig.Time, NullLogger<StoreCheck>.Instance);
        _check.Removed += _removed.Add;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _check.DisposeAsync();
        _rig.Dispose();
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(3_000_000)] // with a list of its pieces
    public async Task Verify_RightThenRotten_RightThenRemoved(int length)
    {
        var hash = await _rig.PutAsync(length, 1);
        Assert.Equal(StoreVerdict.Right, await _check.VerifyAsync(hash, Cancellation));

        Rot.Flip(_rig.Paths.Content(hash), length - 1);
        Assert.Equal(StoreVerdict.Damaged, await _check.VerifyAsync(hash, Cancellation));

        Assert.Equal([hash], _removed);
        Assert.False(File.Exists(_rig.Paths.Content(hash)));
        Assert.False(File.Exists(_rig.Paths.Pieces(hash)));
        Assert.Equal(0, _rig.Store.Inventory.ContentBytes);
        Assert.Equal(StoreVerdict.Gone, await _check.VerifyAsync(hash, Cancellation));
        Assert.Equal((1, 1), (_check.Right, _check.Damaged));
    }

    [Fact]
    public async Task Verify_OpenForOthers_TheFileOnTheDiskIsLookedAt()
    {
        var hash = await _rig.PutAsync(10_000, 1);
        await using var open = await _rig.Store.OpenAsync(hash, Cancellation); // kept open from now on
        File.Delete(_rig.Paths.Content(hash));
        await File.WriteAllBytesAsync(_rig.Paths.Content(hash), new byte[10_000], Cancellation);

        Assert.Equal(StoreVerdict.Damaged, await _check.VerifyAsync(hash, Cancellation));
        Assert.False(await _rig.HasAsync(hash));
    }

    [Fact]
    public async Task Verify_Often_IsNoUse()
    {
        var first = await _rig.PutAsync(10_000, 1);
        await _rig.PutAsync(10_000, 2);

        await _check.VerifyAsync(first, Cancellation);

        Assert.Equal(first, _rig.Store.Inventory.Removable().MinBy(file => file.Used).Hash);
    }

    [Fact]
    public async Task Open_CutWhileTheDaemonWasDown_IsRemoved()
    {
        var hash = await _rig.PutAsync(10_000, 1);
        _rig.Store.Dispose();
        await File.WriteAllBytesAsync(_rig.Paths.Content(hash), TestContent.Bytes(10_000).AsMemory(0, 4_000), Cancellation);
        _rig.Restart(new QuotaOptions { KeepFree = new ByteSize(0) });
        await using var check = new StoreCheck(_rig.Store, _rig.Time, NullLogger<StoreCheck>.Instance);

        Assert.Null(await check.OpenAsync(new Content(hash, 10_000, []), Cancellation));

        Assert.False(File.Exists(_rig.Paths.Content(hash)));
    }

    [Fact]
    public async Task Open_AnIndexLiesAboutTheLength_WhatIsRightStays()
    {
        var hash = await _rig.PutAsync(10_000, 1);

        for (var i = 0; i < 3; i++)
        {
            Assert.Null(await _check.OpenAsync(new Content(hash, 10_001, []), Cancellation));
        }

        Assert.Equal(1, _check.Right); // not for each request
        await using var stored = await _check.OpenAsync(new Content(hash, 10_000, []), Cancellation);
        Assert.NotNull(stored);
    }

    [Fact]
    public async Task Open_Suspected_IsVerifiedOnce()
    {
        var (right, wrong) = (await _rig.PutAsync(10_000, 1), await _rig.PutAsync(10_000, 2));
        Rot.Flip(_rig.Paths.Content(wrong), 5_000);
        _check.Suspect(right);
        _check.Suspect(wrong);

        Assert.Null(await _check.OpenAsync(new Content(wrong, 10_000, []), Cancellation));
        for (var i = 0; i < 3; i++)
        {
            await using var stored = await _check.OpenAsync(new Content(right, 10_000, []), Cancellation);
            Assert.NotNull(stored);
            _check.Suspect(right); // a client that leaves again and again
        }

        Assert.Equal((1, 1), (_check.Right, _check.Damaged));
    }

    [Fact]
    public async Task IsVerified_LongAgo_No()
    {
        var hash = await _rig.PutAsync(10_000, 1);
        Assert.False(_check.IsVerified(hash, TimeSpan.FromHours(1))); // only stored, which is not the same

        await _check.VerifyAsync(hash, Cancellation);
        Assert.True(_check.IsVerified(hash, TimeSpan.FromMinutes(1)));
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(_check.IsVerified(hash, TimeSpan.FromMinutes(1)));
        Assert.True(_check.IsVerified(hash, TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task VerifyAll_SomeRotten_EachIsReportedInOrder()
    {
        var hashes = new List<ContentHash>();
        for (var seed = 0; seed < 5; seed++)
        {
            hashes.Add(await _rig.PutAsync(1_000, seed));
        }

        Rot.Flip(_rig.Paths.Content(hashes[3]), 0);
        hashes.Sort();
        var rotten = Assert.Single(hashes, hash => hash == ContentHash.Of(TestContent.Bytes(1_000, 3)));

        var report = await _check.VerifyAllAsync(null, gently: false, Cancellation).ToListAsync(Cancellation);
        var rest = await _check
            .VerifyAllAsync(hashes[2], gently: false, Cancellation)
            .Select(found => found.Content.Hash)
            .ToListAsync(Cancellation);

        Assert.Equal(hashes, report.Select(found => found.Content.Hash));
        Assert.All(report, found => Assert.Equal(found.Content.Hash == rotten ? StoreVerdict.Damaged : StoreVerdict.Right, found.Verdict));
        Assert.Equal(hashes.Skip(3).Where(hash => hash != rotten), rest);
    }

    [Fact]
    public async Task Verify_StoreOfAPlugin_IsReadByTheContract()
    {
        var store = new InMemoryContentStore();
        var hash = store.Put(TestContent.Bytes(10_000));
        await using var check = new StoreCheck(store, _rig.Time, NullLogger<StoreCheck>.Instance);

        Assert.Equal(StoreVerdict.Right, await check.VerifyAsync(hash, Cancellation));
    }
}
