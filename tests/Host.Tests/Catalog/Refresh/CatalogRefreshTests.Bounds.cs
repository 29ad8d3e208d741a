using AptP2P.Host.Catalog.Metadata;
using AptP2P.Host.Catalog.Refresh;
using AptP2P.Testing.Http;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Catalog.Refresh;

/// <summary>Archives that give too much, or too slowly.</summary>
public sealed partial class CatalogRefreshTests
{
    [Fact]
    public async Task RequestMissing_OneArchiveTrickles_OthersAreAskedAndItIsGivenUp()
    {
        await using var trickling = FaultyServer.Start("127.31.1.3", new byte[1_000]);
        trickling.Otherwise = _ => Answer.Drip(1);
        await _test.LearnAsync($"http://{trickling.EndPoint}" + Suite, IndexName, Packages(("pool/b.deb", Hash("b"), 1)));
        await _test.LearnAsync(Here + Suite, IndexName, Packages(("pool/b.deb", Hash("b"), 1)));
        Publish(Packages(("pool/main/a/a_1_amd64.deb", Hash("1"), 1)));
        await _refresh.StartAsync(Cancellation);

        var hung = _refresh.RequestMissing(trickling.Origin(Package));
        await trickling.StalledAsync(Cancellation);
        await _refresh.RequestMissing(_server.Origin(Package));

        Assert.NotNull(_test.Catalog.Identify(_server.Origin(Package)));
        Assert.False(hung.IsCompleted);
        _test.Time.Advance(MetadataDraft.Grace + TimeSpan.FromSeconds(1));
        await hung;
    }

    [Fact]
    public async Task RequestMissing_TheIndexTrickles_IsGivenUpInTime()
    {
        await _test.LearnAsync(Here + Suite, IndexName, Packages(("pool/b.deb", Hash("b"), 1)));
        Publish(Packages(("pool/main/a/a_1_amd64.deb", Hash("1"), 1)));
        var asked = new TaskCompletionSource();
        using var refresh = Refresh(_test, _lists, async (_, cancellationToken) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, _test.Time, cancellationToken);
            return null;
        });
        await refresh.StartAsync(Cancellation);

        var hung = refresh.RequestMissing(_server.Origin(Package));
        await asked.Task;
        _test.Time.Advance(MetadataDraft.Grace + TimeSpan.FromSeconds(1));

        await hung;
    }

    [Fact]
    public async Task RefreshAsync_IndexLargerThanTheLimit_IsNotFetched()
    {
        await _test.LearnAsync(Here + Suite, IndexName, Packages(("pool/main/a/a_0_amd64.deb", Hash("0"), 1)));
        var size = new RefreshOptions().MaxIndex.Bytes + 1;
        _files[Suite + "InRelease"] = InRelease(
            System.Text.Encoding.ASCII.GetBytes($"Suite: test\nSHA256:\n {Hash("huge")} {size} {IndexName}\n"));

        await _refresh.RefreshAsync(_server.Origin(Package), null, Cancellation);

        Assert.Single(_server.Requests);
        Assert.Empty(_fetched);
    }
}
