using AptP2P.Host.Catalog.Metadata;
using Xunit;

namespace AptP2P.Host.Tests.Catalog.Metadata;

public sealed class MemoryGateTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void TryEnter_Full_IsRefusedUntilSomebodyLeaves()
    {
        var gate = new MemoryGate(10);
        var first = gate.TryEnter(8);

        Assert.NotNull(first);
        Assert.Null(gate.TryEnter(3));
        Assert.NotNull(gate.TryEnter(2));
        first.Dispose();
        first.Dispose(); // twice is once
        Assert.Null(gate.TryEnter(9));
        Assert.NotNull(gate.TryEnter(8));
    }

    [Fact]
    public void TryEnter_MoreThanAll_GoesInAlone()
    {
        var gate = new MemoryGate(10);

        using var all = gate.TryEnter(100);

        Assert.NotNull(all);
        Assert.Null(gate.TryEnter(1));
    }

    [Fact]
    public async Task EnterAsync_Full_InOrderOfArrival()
    {
        var gate = new MemoryGate(10);
        var first = await gate.EnterAsync(9, Cancellation);
        var large = gate.EnterAsync(10, Cancellation);
        var small = gate.EnterAsync(1, Cancellation); // there is room for it, but it has come later

        Assert.False(small.IsCompleted);
        Assert.Null(gate.TryEnter(1));
        first.Dispose();
        (await large).Dispose();
        (await small).Dispose();
        Assert.NotNull(gate.TryEnter(10));
    }

    [Fact]
    public async Task EnterAsync_WhoWaitsLeaves_TheNextComesIn()
    {
        var gate = new MemoryGate(10);
        using var first = await gate.EnterAsync(5, Cancellation);
        using var gone = new CancellationTokenSource();
        var large = gate.EnterAsync(10, gone.Token);
        var small = gate.EnterAsync(5, Cancellation);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        (await small).Dispose();
    }
}
