using System.Net;
using Xunit;

namespace AptP2P.Testing.Conformance;

/// <summary>What every <see cref="INeighbours"/> must do. Derive from it in the plugin's tests.</summary>
public abstract class NeighboursConformance
{
    protected abstract INeighbours Neighbours { get; }

    /// <summary>Makes a neighbour appear.</summary>
    protected abstract ValueTask<IPEndPoint> AppearAsync();

    [Fact]
    public async Task Watch_OneAppears_IsTold()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var watch = Neighbours.WatchAsync(cancellation).GetAsyncEnumerator(cancellation);

        var next = watch.MoveNextAsync();
        var endPoint = await AppearAsync();

        while (await next && !watch.Current.Equals(endPoint)) // others may have been there before
        {
            next = watch.MoveNextAsync();
        }

        Assert.Equal(endPoint, watch.Current);
    }

    [Fact]
    public async Task Watch_Cancelled_Ends()
    {
        using var cancellation = new CancellationTokenSource();
        await using var watch = Neighbours.WatchAsync(cancellation.Token).GetAsyncEnumerator(cancellation.Token);
        var next = watch.MoveNextAsync().AsTask();

        await cancellation.CancelAsync();

        var thrown = await Record.ExceptionAsync(async () =>
        {
            while (await next)
            {
                next = watch.MoveNextAsync().AsTask();
            }
        });
        Assert.True(thrown is null or OperationCanceledException, thrown?.ToString());
    }
}
