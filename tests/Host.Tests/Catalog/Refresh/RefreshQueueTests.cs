using AptP2P.Host.Catalog.Refresh;
using Xunit;

namespace AptP2P.Host.Tests.Catalog.Refresh;

public sealed class RefreshQueueTests
{
    [Fact]
    public void TryAdd_OneArchiveFloods_OthersHaveRoom()
    {
        var queue = new RefreshQueue<int>();

        Assert.Equal(RefreshQueue<int>.MaxPerArchive, Enumerable.Range(0, 1_000).Count(number => queue.TryAdd("flood", number)));
        Assert.True(queue.TryAdd("other", 0));
    }

    [Fact]
    public void TryAdd_ManyArchives_AreBoundedTogether()
    {
        var queue = new RefreshQueue<int>();

        Assert.Equal(RefreshQueue<int>.MaxWaiting, Enumerable.Range(0, 1_000).Count(number => queue.TryAdd($"invented{number}", number)));
    }

    [Fact]
    public async Task RunAsync_OneArchive_OneThingAfterTheOtherInOrder()
    {
        var queue = new RefreshQueue<int>();
        List<int> done = [];
        var all = new TaskCompletionSource();
        var atOnce = 0;
        foreach (var number in Enumerable.Range(0, 10))
        {
            queue.TryAdd("one", number);
        }

        using var stop = new CancellationTokenSource();
        var running = queue.RunAsync(
            async (number, _) =>
            {
                Assert.Equal(1, Interlocked.Increment(ref atOnce));
                await Task.Yield();
                done.Add(number);
                Interlocked.Decrement(ref atOnce);
                if (number == 9)
                {
                    all.SetResult();
                }
            },
            stop.Token);

        await all.Task;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(Enumerable.Range(0, 10), done);
    }
}
