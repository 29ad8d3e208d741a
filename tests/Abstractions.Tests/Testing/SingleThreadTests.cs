using System.Collections.Concurrent;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Abstractions.Tests.Testing;

[CollectionDefinition(nameof(SingleThreadTests), DisableParallelization = true)] // it holds the pool, which all tests share
[Collection(nameof(SingleThreadTests))]
public sealed class SingleThreadTests
{
    private readonly VirtualTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Run_TasksMeetOnThePool_TheSameOrderInEveryRun()
    {
        var first = Trace();

        for (var run = 0; run < 20; run++)
        {
            Assert.Equal(first, Trace());
        }
    }

    [Fact]
    public void Run_ThePoolIsAtWork_TimeDoesNotGoOn()
    {
        var elapsed = new SingleThread(_time).Run(async () =>
        {
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(1), _time);
            await Task.Run(() => SpinWait.SpinUntil(() => _time.Elapsed > TimeSpan.Zero, TimeSpan.FromMilliseconds(50)), Cancellation);
            return _time.Elapsed;
        });

        Assert.Equal(TimeSpan.Zero, elapsed);
    }

    [Fact]
    public void Run_AfterIt_ThePoolIsAsBefore()
    {
        ThreadPool.GetMaxThreads(out var most, out _);

        Assert.Throws<InvalidDataException>(() => new SingleThread(_time).Run(() => throw new InvalidDataException()));

        ThreadPool.GetMaxThreads(out var mostAfterwards, out _);
        Assert.Equal(most, mostAfterwards);
    }

    /// <summary>Workers that wait for each other in all the ways that lead over the pool.</summary>
    private static string[] Trace()
    {
        var time = new VirtualTime();
        var trace = new ConcurrentQueue<string>();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = new CancellationTokenSource();
        new SingleThread(time).Run(async () =>
        {
            var workers = Enumerable.Range(0, 8).Select(WorkAsync).ToArray();
            await Task.Delay(TimeSpan.FromSeconds(1), time, Cancellation);
            ready.SetResult();
            await Task.Yield();
            await stop.CancelAsync();
            await Task.WhenAll(workers);
        });
        return [.. trace];

        async Task WorkAsync(int worker)
        {
            await ready.Task.WaitAsync(TimeSpan.FromSeconds(2 + worker), time, Cancellation);
            Note("ready");
            await Task.Run(
                () =>
                {
                    Thread.SpinWait((8 - worker) * 1_000); // the first is the slowest
                    Note("on the pool");
                },
                Cancellation);
            await Task.WhenAny(
                Task.Delay(Timeout.InfiniteTimeSpan, time, stop.Token), Task.Delay(TimeSpan.FromDays(1), time, Cancellation));
            Note("stopped");
            await Task.Run(() => Note("once more"), Cancellation).ConfigureAwait(false);
            Note("wherever");

            void Note(string what) => trace.Enqueue($"{time.Elapsed} {worker} {what}");
        }
    }
}
