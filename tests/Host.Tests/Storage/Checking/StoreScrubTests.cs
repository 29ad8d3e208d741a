using AptP2P.Host.Storage.Checking;
using AptP2P.Host.Storage.Space;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Storage.Checking;

/// <summary>The slow pass over all that is stored.</summary>
public sealed class StoreScrubTests : IAsyncDisposable
{
    private const int Files = 6;
    private const int Length = 8 << 20; // two of them are a batch
    private const int Rate = 1 << 20;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(16); // of a batch

    private readonly VirtualTime _time = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("apt-p2p-scrub").FullName;
    private readonly InMemoryContentStore _store = new();
    private readonly StoreCheck _check;
    private readonly List<ContentHash> _hashes = [];

    public StoreScrubTests()
    {
        _check = new StoreCheck(_store, _time, NullLogger<StoreCheck>.Instance);
        for (var seed = 0; seed < Files; seed++)
        {
            _hashes.Add(_store.Put(TestContent.Bytes(Length, seed)));
        }

        _hashes.Sort();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _check.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Run_Rounds_KeepToTheRateAndBeginAgain() => Run(Rate, async () =>
    {
        await AfterAsync(Pause - TimeSpan.FromSeconds(1)); // the daemon has just started
        Assert.Equal(0, _check.Right);
        await AfterAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(2, _check.Right);
        await AfterAsync(Pause);
        Assert.Equal(4, _check.Right);
        await AfterAsync(Pause);
        Assert.Equal(6, _check.Right);
        await AfterAsync(6 * Pause);
        Assert.Equal(2 * Files, _check.Right);
    });

    [Fact]
    public void Run_AfterARestart_GoesOnWhereItWas()
    {
        Run(Rate, () => AfterAsync((2 * Pause) + TimeSpan.FromSeconds(5))); // two batches
        Assert.Equal(4, _check.Right);

        Run(Rate, () => AfterAsync(Pause + TimeSpan.FromSeconds(5)));

        Assert.Equal(Files, _check.Right);
        Assert.All(_hashes, hash => Assert.True(_check.IsVerified(hash, TimeSpan.FromHours(1)))); // none of them twice
    }

    [Fact]
    public void Run_RateZero_Never()
    {
        new SingleThread(_time).Run(() => Scrub(0).RunAsync(Cancellation));

        Assert.Equal((0, TimeSpan.Zero), (_check.Right, _time.Elapsed));
    }

    private void Run(int rate, Func<Task> meanwhile) => new SingleThread(_time).Run(async () =>
    {
        using var stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        using var scrub = Scrub(rate);
        var run = scrub.RunAsync(stop.Token);
        await meanwhile();
        stop.CancelAfter(TimeSpan.Zero); // on this thread, and not on the pool while time goes on
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    });

    private StoreScrub Scrub(int rate) =>
        new(
            _check, new StorePaths(_folder), Options.Create(new ScrubOptions { VerifyRate = new ByteSize(rate) }), _time,
            NullLogger<StoreScrub>.Instance);

    private Task AfterAsync(TimeSpan pause) => Task.Delay(pause, _time, Cancellation);
}
