using Xunit;

namespace AptP2P.Testing.Conformance;

/// <summary>What every <see cref="IPortMapping"/> must do. Derive from it in the plugin's tests.</summary>
public abstract class PortMappingConformance
{
    protected abstract IPortMapping Mapping { get; }

    /// <summary>Makes the router pass the port through, or no longer.</summary>
    protected abstract ValueTask<PortMapping> ChangeAsync();

    [Fact]
    public async Task Watch_ItChanges_IsTold()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var watch = Mapping.WatchAsync(cancellation).GetAsyncEnumerator(cancellation);

        var next = watch.MoveNextAsync();
        var mapping = await ChangeAsync();

        while (await next && watch.Current != mapping) // it may tell first what holds now
        {
            next = watch.MoveNextAsync();
        }

        Assert.Equal(mapping, watch.Current);
    }

    [Fact]
    public async Task Watch_Cancelled_Ends()
    {
        using var cancellation = new CancellationTokenSource();
        await using var watch = Mapping.WatchAsync(cancellation.Token).GetAsyncEnumerator(cancellation.Token);
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
