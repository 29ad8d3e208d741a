using AptP2P.Host.Fetching.Channels;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Host.Tests.Fetching.Channels;

/// <summary>A source may hold up a few threads and a few tasks, and no more.</summary>
public sealed class SourceGatesTests
{
    [Fact]
    public async Task Start_ASourceBlocksAFewThreads_NoMoreAreGivenToIt()
    {
        var gates = new SourceGates();
        using var gate = new ManualResetEventSlim();
        var (bad, good) = (new InMemorySource("blocks", SourceRole.Peers), new InMemorySource("good", SourceRole.Peers));
        var begun = 0;
        var entered = new SemaphoreSlim(0);
        var calls = Enumerable
            .Range(0, 4)
            .Select(_ => Task.Factory.StartNew(() => gates.StartAsync(bad, Block, CancellationToken.None), TaskCreationOptions.LongRunning))
            .ToArray();
        bool Block()
        {
            Interlocked.Increment(ref begun);
            entered.Release();
            gate.Wait(CancellationToken.None);
            return true;
        }

        for (var i = 0; i < 4; i++)
        {
            await entered.WaitAsync(TestContext.Current.CancellationToken);
        }

        var fifth = gates.StartAsync(bad, Block, CancellationToken.None);
        Assert.False(fifth.IsCompleted); // and this thread goes on
        Assert.True(await gates.StartAsync(good, () => true, CancellationToken.None));
        Assert.Equal(4, begun);
        gate.Set();
        Assert.True(await fifth);
        await Task.WhenAll(calls);
    }

    [Fact]
    public void Leave_ManyTasksDoNotEnd_TheSourceIsLeftOutUntilTheyDo()
    {
        var gates = new SourceGates();
        var source = new InMemorySource("bad", SourceRole.Peers);
        var never = new TaskCompletionSource(); // what follows on its end runs at once
        for (var i = 0; i < 32; i++)
        {
            Assert.False(gates.IsLeftOut(source));
            gates.Leave(source, never.Task);
        }

        Assert.True(gates.IsLeftOut(source));
        never.SetResult();
        Assert.False(gates.IsLeftOut(source));
    }
}
