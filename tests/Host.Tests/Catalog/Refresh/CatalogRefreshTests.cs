using AptP2P.Host.Catalog.Metadata;
using AptP2P.Host.Catalog.Refresh;
using AptP2P.Host.Origins.Http;
using AptP2P.Testing.Http;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Catalog.Refresh;

public sealed partial class CatalogRefreshTests : IAsyncDisposable
{
    private const string Suite = "/debian/dists/bookworm/";
    private const string Package = "/debian/pool/main/a/a_1_amd64.deb";

    private readonly CatalogUnderTest _test = new();
    private readonly FaultyServer _server = FaultyServer.Start("127.31.1.1", Array.Empty<byte>());
    private readonly Dictionary<string, byte[]> _files = [];
    private readonly MetadataCopies _copies;
    private readonly DirectClient _client = new(new DirectConnector());
    private readonly FailoverClient _origins;
    private readonly AptLists _lists;
    private readonly CatalogRefresh _refresh;
    private readonly List<string> _fetched = [];

    public CatalogRefreshTests()
    {
        _server.Otherwise = request => _files.TryGetValue(request.Target, out var file) ? Answer.Of(file) : Answer.Error(404);
        _copies = new MetadataCopies(_test.Folder, NullLogger<MetadataCopies>.Instance);
        _origins = new FailoverClient(_client, _test.Mirrors, Options.Create(_test.Origins), _test.Time);
        _lists = Lists(_test, "");
        _refresh = Refresh(_test, _lists);
    }

    private string Here => $"http://{_server.EndPoint}";

    public async ValueTask DisposeAsync()
    {
        await _refresh.StopAsync(CancellationToken.None);
        _refresh.Dispose();
        _client.Dispose();
        _lists.Dispose();
        await _server.DisposeAsync();
        _test.Dispose();
    }

    [Fact]
    public async Task RefreshAsync_PackageOfANewerIndex_IsKnownAfterwards()
    {
        await _test.LearnAsync(Here + Suite, IndexName, Packages(("pool/main/a/a_0_amd64.deb", Hash("0"), 1)));
        Publish(Packages(("pool/main/a/a_1_amd64.deb", Hash("1"), 1)));

        await _refresh.RefreshAsync(_server.Origin(Package), null, Cancellation);
        Assert.Equal(Hash("1"), _test.Catalog.Identify(_server.Origin(Package))?.Hash);
        Assert.Equal([Suite + IndexName], _fetched);
    }

    [Fact]
    public async Task RefreshAsync_SuiteKnownOnlyByItsRelease_FindsTheIndexByTheLayout()
    {
        Publish(Packages(("pool/main/a/a_1_amd64.deb", Hash("1"), 1)));
        await _refresh.RefreshAsync(_server.Origin(Suite + "InRelease"), null, Cancellation); // as after a 304
        Assert.Null(_test.Catalog.Identify(_server.Origin(Package)));
        await using (var copy = _copies.Open(_server.Origin(Suite + "InRelease")))
        {
            Assert.Equal(_files[Suite + "InRelease"].Length, copy?.Body.Range.Length);
            Assert.Equal("Fri, 20 Nov 2026 02:27:59 GMT", copy?.Headers.LastModified?.ToString("R"));
        }

        _test.Time.Advance(new RefreshOptions().RefreshInterval);
        await _refresh.RefreshAsync(_server.Origin(Package), null, Cancellation);
        Assert.NotNull(_test.Catalog.Identify(_server.Origin(Package)));
    }

    [Fact]
    public async Task RefreshAsync_SuiteKnownFromAptsLists_IsAskedUnderTheClientsScheme()
    {
        var lists = Directory.CreateDirectory(Path.Combine(_test.Folder, "lists")).FullName;
        var old = Packages(("pool/main/a/a_0_amd64.deb", Hash("0"), 1));
        await File.WriteAllBytesAsync(
            Path.Combine(lists, $"{_server.EndPoint}_debian_dists_bookworm_InRelease"), Release((IndexName, old)), Cancellation);
        await File.WriteAllBytesAsync(
            Path.Combine(lists, $"{_server.EndPoint}_debian_dists_bookworm_main_binary-amd64_Packages"), old, Cancellation);
        using var reading = Lists(_test, lists);
        Assert.Equal(1, await reading.ReadAsync(Cancellation));
        Publish(Packages(("pool/main/a/a_1_amd64.deb", Hash("1"), 1)));

        await _refresh.RefreshAsync(_server.Origin(Package), null, Cancellation);
        Assert.NotNull(_test.Catalog.Identify(_server.Origin(Package)));
    }

    [Fact]
    public async Task RefreshAsync_AskedAgainTooSoon_LeavesTheMirrorAlone()
    {
        await _test.LearnAsync(Here + Suite, IndexName, Packages(("pool/b.deb", Hash("b"), 1)));
        Publish(Packages(("pool/b.deb", Hash("b"), 1)));
        await _refresh.RefreshAsync(_server.Origin(Package), null, Cancellation);
        await _refresh.RefreshAsync(_server.Origin(Package), null, Cancellation);
        Assert.Single(_server.Requests);
        Assert.Empty(_fetched); // the index has not changed

        _test.Time.Advance(new RefreshOptions().RefreshInterval);
        await _refresh.RefreshAsync(_server.Origin(Package), null, Cancellation);
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public async Task RefreshAsync_UnknownArchive_AsksNobody()
    {
        await _test.LearnAsync(Here + Suite, IndexName, Packages(("pool/b.deb", Hash("b"), 1)));
        await _refresh.RefreshAsync(_server.Origin("/ubuntu/pool/main/a/a_1_amd64.deb"), null, Cancellation);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task RefreshAsync_NoInRelease_TakesRelease()
    {
        await _test.LearnAsync(Here + Suite, IndexName, Packages(("pool/b.deb", Hash("b"), 1)));
        Publish(Packages(("pool/main/a/a_1_amd64.deb", Hash("1"), 1)));
        _files.Remove(Suite + "InRelease", out var release);
        _files[Suite + "Release"] = release!;
        await _refresh.RefreshAsync(_server.Origin(Package), null, Cancellation);
        Assert.NotNull(_test.Catalog.Identify(_server.Origin(Package)));
    }

    [Fact]
    public async Task RefreshAsync_IndexCannotBeFetched_LearnsNothing()
    {
        await _test.LearnAsync(Here + Suite, IndexName, Packages(("pool/b.deb", Hash("b"), 1)));
        Publish(Packages(("pool/main/a/a_1_amd64.deb", Hash("1"), 1)));
        _files.Remove(Suite + IndexName);
        await _refresh.RefreshAsync(_server.Origin(Package), null, Cancellation);
        Assert.Null(_test.Catalog.Identify(_server.Origin(Package)));
    }

    [Fact]
    public async Task Observe304_CopyIsThere_AsksNobody()
    {
        Publish(Packages(("pool/b.deb", Hash("b"), 1)));
        await _refresh.RefreshAsync(_server.Origin(Suite + "InRelease"), null, Cancellation);
        _test.Time.Advance(TimeSpan.FromDays(1));
        await _refresh.RefreshAsync(_server.Origin(Suite + "InRelease"), null, Cancellation);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Observe304_ClientHasANewerRelease_IsFetched()
    {
        Publish(Packages(("pool/b.deb", Hash("b"), 1)));
        await _refresh.RefreshAsync(_server.Origin(Suite + "InRelease"), null, Cancellation);
        Publish(Packages(("pool/main/a/a_1_amd64.deb", Hash("1"), 1)));
        var (same, newer) = (
            DateTimeOffset.Parse("2026-11-20T02:27:59Z", System.Globalization.CultureInfo.InvariantCulture),
            DateTimeOffset.Parse("2026-11-20T08:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        await _refresh.StartAsync(Cancellation);

        await _refresh.Observe304(_server.Origin(Suite + "InRelease"), same);
        Assert.Single(_server.Requests);
        await _refresh.Observe304(_server.Origin(Suite + "InRelease"), newer);
        Assert.Equal(ContentHash.Of(_files[Suite + IndexName]), _test.Catalog.Identify(_server.Origin(Suite + IndexName))?.Hash);
    }

    [Fact]
    public async Task RefreshAsync_ReleaseHasPassedAndItsIndexHasNot_OnlyTheIndexIsFetched()
    {
        await _test.LearnAsync(Here + Suite, IndexName, Packages(("pool/main/a/a_0_amd64.deb", Hash("0"), 1)));
        Publish(Packages(("pool/main/a/a_1_amd64.deb", Hash("1"), 1)));
        // as with pdiffs
        await _test.Learning.LearnReleaseAsync(_server.Origin(Suite + "InRelease"), _files[Suite + "InRelease"], Cancellation);

        await _refresh.RefreshAsync(_server.Origin(Package), null, Cancellation);
        Assert.Equal(Hash("1"), _test.Catalog.Identify(_server.Origin(Package))?.Hash);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Doubt_KnownPackageThatIsAnotherByNow_IsLookedAtOnceInAWhile()
    {
        await _test.LearnAsync(Here + Suite, IndexName, Packages(("pool/main/a/a_1_amd64.deb", Hash("old"), 1)));
        Publish(Packages(("pool/main/a/a_1_amd64.deb", Hash("rebuilt"), 1)));
        await _refresh.StartAsync(Cancellation);

        await _refresh.Doubt(_server.Origin(Package));
        Assert.Equal(Hash("rebuilt"), _test.Catalog.Identify(_server.Origin(Package))?.Hash);
        await _refresh.Doubt(_server.Origin(Package));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task RefreshAsync_IndexThatIsNotToBeHad_IsNotAskedForAgainAtOnce()
    {
        await _test.LearnAsync(Here + Suite, IndexName, Packages(("pool/b.deb", Hash("b"), 1)));
        Publish(Packages(("pool/main/a/a_1_amd64.deb", Hash("1"), 1)));
        _files.Remove(Suite + IndexName);
        for (var times = 0; times < 3; times++)
        {
            await _refresh.RefreshAsync(_server.Origin(Package), null, Cancellation);
        }

        Assert.Single(_fetched);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task RefreshAsync_AptsListsHaveIt_AsksNobody()
    {
        var lists = Directory.CreateDirectory(Path.Combine(_test.Folder, "lists")).FullName;
        var index = Packages(("pool/main/a/a_1_amd64.deb", Hash("1"), 1));
        await _test.LearnAsync(Here + Suite, IndexName, Packages(("pool/main/a/a_0_amd64.deb", Hash("0"), 1)));
        await File.WriteAllBytesAsync(
            Path.Combine(lists, $"{_server.EndPoint}_debian_dists_bookworm_InRelease"), Release((IndexName, index)), Cancellation);
        await File.WriteAllBytesAsync(
            Path.Combine(lists, $"{_server.EndPoint}_debian_dists_bookworm_main_binary-amd64_Packages"), index, Cancellation);
        using var reading = Lists(_test, lists);
        using var refresh = Refresh(_test, reading);

        await refresh.RefreshAsync(_server.Origin(Package), null, Cancellation);
        Assert.Equal(Hash("1"), _test.Catalog.Identify(_server.Origin(Package))?.Hash);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Observe304_CopyOfAnEarlierCatalog_IsLearnedAgain()
    {
        Publish(Packages(("pool/b.deb", Hash("b"), 1)));
        await _refresh.RefreshAsync(_server.Origin(Suite + "InRelease"), null, Cancellation);
        using var begunAnew = new CatalogUnderTest();
        using var refresh = Refresh(begunAnew, _lists);
        await refresh.RefreshAsync(_server.Origin(Suite + "InRelease"), null, Cancellation);
        Assert.True(begunAnew.Catalog.IsMetadata(_server.Origin(Suite + IndexName)));
    }

    [Fact]
    public async Task RequestMissing_InTheBackground_GoesOnAfterAFailure()
    {
        await _test.LearnAsync("http://127.31.1.2:1" + Suite, IndexName, Packages(("pool/b.deb", Hash("b"), 1))); // nobody listens there
        await _test.LearnAsync(Here + Suite, IndexName, Packages(("pool/b.deb", Hash("b"), 1)));
        Publish(Packages(("pool/main/a/a_1_amd64.deb", Hash("1"), 1)));
        await _refresh.StartAsync(Cancellation);

        _ = _refresh.RequestMissing(Origin("http://127.31.1.2:1" + Package));
        _ = _refresh.RequestMissing(_server.Origin(Package));
        _ = _refresh.Observe304(_server.Origin("/other/dists/x/InRelease"), null);
        await _server.ArrivedAsync(Cancellation); // InRelease
        await _server.ArrivedAsync(Cancellation); // the other one, so the first is done
        Assert.NotNull(_test.Catalog.Identify(_server.Origin(Package)));
    }

    [Theory]
    [InlineData(Suite + "InRelease")]
    [InlineData("/debian/pool/%00")]
    [InlineData("/debian/by-hash/SHA256/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public async Task RequestMissing_NoPackage_IsIgnored(string path)
    {
        await _refresh.StartAsync(Cancellation);
        _ = _refresh.RequestMissing(_server.Origin(path));
        _ = _refresh.Observe304(_server.Origin(Package), null);
        _ = _refresh.Observe304(_server.Origin("/marker/InRelease"), null);
        await _server.ArrivedAsync(Cancellation);
        Assert.Equal("/marker/InRelease", _server.Requests[0].Target);
    }

    private static AptLists Lists(CatalogUnderTest test, string folder) =>
        new(
            test.Learning, test.Suites, test.Indexes, Options.Create(new AptListsOptions { AptLists = folder }), test.Time,
            NullLogger<AptLists>.Instance);

    private CatalogRefresh Refresh(CatalogUnderTest test, AptLists lists, IndexFetch? fetch = null) =>
        new(
            test.Catalog, test.Suites, _copies, lists,
            new SuiteRefresh(
                test.Learning, test.Releases, test.Suites, test.Indexes, _copies, test.Keeping(_copies), _origins, test.ContentOrigins,
                fetch ?? FetchAsync, Options.Create(new RefreshOptions()), _test.Time, NullLogger<SuiteRefresh>.Instance),
            _test.Time, NullLogger<CatalogRefresh>.Instance);

    private void Publish(byte[] index)
    {
        _files[Suite + "InRelease"] = InRelease(Release((IndexName, index)));
        _files[Suite + IndexName] = index;
    }

    private Task<IStoredContent?> FetchAsync(Content content, CancellationToken cancellationToken)
    {
        var path = Assert.Single(content.Origins).RawPath;
        _fetched.Add(path);
        return Task.FromResult<IStoredContent?>(
            _files.TryGetValue(path, out var file) && ContentHash.Of(file) == content.Hash
                ? new InMemoryStored(content.Hash, file, null)
                : null);
    }
}
