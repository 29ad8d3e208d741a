using System.Globalization;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Catalog.Metadata;
using AptP2P.Host.Catalog.Refresh;
using AptP2P.Testing;
using AptP2P.Testing.Http;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Proxy.Indexes;

/// <summary>
/// Somebody was on the path to an archive that nobody here has a key of, and is gone: what they forged goes too, once a client doubts it.
/// </summary>
public sealed class ForgedIndexTests : IAsyncLifetime
{
    private const string Suite = "/debian/dists/stable/";
    private const string IndexPath = Suite + "main/Packages";
    private const string One = "/debian/pool/one.deb";
    private const string Two = "/debian/pool/two.deb";

    private static readonly TimeSpan Later = TimeSpan.FromMinutes(11); // nobody asks again at once then
    private static readonly byte[] Forged = TestContent.Bytes(1_000, seed: 1);
    private static readonly byte[] Right = TestContent.Bytes(1_000, seed: 2);
    private static readonly byte[] ForgedIndex = Index(Forged);
    private static readonly byte[] RightIndex = Index(Right);

    private readonly FaultyServer _mirror = FaultyServer.Start("127.36.4.1", Right);
    private readonly VirtualTime _time = new();
    private readonly Dictionary<string, byte[]> _files = [];
    private readonly HttpClient _poisoned = new();
    private ProxyRig _rig = null!;

    private string Authority => _mirror.EndPoint.ToString();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _mirror.Otherwise = Answers;
        await StartAsync("127.36.4.2", services => services.AddSingleton<TimeProvider>(_time));
    }

    public async ValueTask DisposeAsync()
    {
        _poisoned.Dispose();
        await _rig.DisposeAsync();
        await _mirror.DisposeAsync();
    }

    [Theory]
    [InlineData(60, "no-cache")]
    [InlineData(0, "no-cache")] // forgers change as little as they need
    [InlineData(-60, "max-age=0")]
    public async Task Get_WithCacheControl_TheArchivesWordReplacesAllThatWasForged(int minutesLater, string wish)
    {
        await ForgeAsync(minutesLater);
        _time.Advance(Later);
        Assert.Equal(Forged, await GetAsync(One)); // stored; nobody has doubted it
        _time.Advance(Later);

        Assert.Equal(Right, await GetAsync(One, wish));

        Assert.Equal(Right, await GetAsync(Two)); // of the same index, and nobody doubted it
        await using var copy = _rig.Services.GetRequiredService<MetadataCopies>().Open(_mirror.Origin(Suite + "InRelease"));
        Assert.Equal(_files[Suite + "InRelease"], copy!.Body.ReadAll());
    }

    [Fact]
    public async Task Get_AgainAtOnceAfterAFetch_TheArchivesWordCounts()
    {
        await ForgeAsync(60); // its client got it from the fetch

        Assert.Equal(Right, await GetAsync(One, client: _poisoned));
    }

    [Fact]
    public async Task Get_ManyDoubts_OneQuestionToTheArchive()
    {
        await ForgeAsync(0);
        _files[Suite + "InRelease"] = ReleaseOf(0, ForgedIndex); // it was right all along
        var asked = _mirror.Requests.Count;

        for (var times = 0; times < 5; times++)
        {
            Assert.Equal(Forged, await GetAsync(One, "no-cache"));
            Assert.Equal(Forged, await GetAsync(Two, "no-cache"));
        }

        Assert.Single(_mirror.Requests.Skip(asked), request => !request.Headers.ContainsKey("If-None-Match"));
        Assert.All(_mirror.Requests.Skip(asked), request => Assert.Equal(Suite + "InRelease", request.Target)); // no file twice
    }

    [Fact]
    public async Task Get_TheArchivesFileIsAnotherThanItsIndexNames_TheArchiveIsAskedForTheIndex()
    {
        await _rig.DisposeAsync();
        await StartAsync("127.36.4.3", _ => { }); // a fetch that fails takes time
        await ForgeAsync(60);
        var missing = TestContent.Bytes(1_000, seed: 3);
        var index = Packages(("pool/one.deb", ContentHash.Of(missing), 1_000), ("pool/two.deb", ContentHash.Of(Forged), 1_000));
        await LearnAsync(ReleaseOf(120, index), index);
        _rig.Mirror.Add(ContentHash.Of(missing), new InMemoryChannel("memory", Right, TimeProvider.System))
            .EndSearch(ContentHash.Of(missing));

        Assert.Equal(Right, await GetAsync(One)); // passed through

        await _rig.Services.GetRequiredService<CatalogRefresh>().Doubt(_mirror.Origin(One));
        Assert.Equal(Right, await GetAsync(Two));
    }

    [Fact]
    public async Task Get_NoReleaseNamesTheIndex_TheIndexIsAskedForAgain()
    {
        _files[IndexPath] = ForgedIndex;
        await GetAsync(IndexPath, client: _poisoned);
        await GetAsync(IndexPath, client: _poisoned); // on the same connection, so it is learned by now
        Assert.Equal(Forged, await GetAsync(One));
        await StoredAsync();
        _files[IndexPath] = RightIndex;

        Assert.Equal(Right, await GetAsync(One, "no-cache"));
        Assert.Equal(Right, await GetAsync(Two));
    }

    [Fact]
    public async Task Get_TheArchiveHasNoSuchSuite_NothingOfItStays()
    {
        await ForgeAsync(60);
        _files.Clear();

        Assert.Equal(Right, await GetAsync(One, "no-cache"));
        Assert.False(
            _rig.Services.GetRequiredService<MetadataCopies>().Has(new("http", "127.36.4.1", _mirror.EndPoint.Port, Suite + "InRelease")));
        Assert.Equal(Right, await GetAsync(Two));
    }

    [Fact]
    public async Task Get_TheArchiveIsBehindAndHasNoSuchFile_WhatIsStoredIsGiven() // mirrors behind one name
    {
        await ForgeAsync(60);
        _mirror.Otherwise = request => request.Target == One ? Answer.Error(404) : Answers(request);
        _files[Suite + "InRelease"] = InRelease(Release("Date: Fri, 1 Jan 1999 00:00:00 UTC\n", ("Contents", [1])));

        Assert.Equal(Forged, await GetAsync(One));
    }

    [Theory]
    [InlineData(503)]
    [InlineData(200)] // a log-in page
    public async Task Get_TheArchiveCannotSay_WhatIsStoredIsGiven(int status)
    {
        await ForgeAsync(60);
        _mirror.Otherwise = request => request.Target.EndsWith("Release", StringComparison.Ordinal)
            ? status == 200 ? Answer.Of("<html>Sign in</html>"u8.ToArray()) : Answer.Error(status)
            : Answer.Right;

        Assert.Equal(Forged, await GetAsync(One, "no-cache"));
    }

    private async Task StartAsync(string address, Action<IServiceCollection> change)
    {
        _rig = await ProxyRig.StartAsync(address, change, "--Fetch:SecondOpinion=0", "--Catalog:AptSources=", "--Catalog:Keyrings=");
        foreach (var content in (byte[][])[Forged, ForgedIndex])
        {
            _rig.Mirror.Add(ContentHash.Of(content), new InMemoryChannel("memory", content, TimeProvider.System))
                .EndSearch(ContentHash.Of(content));
        }

        _rig.Mirror.EndSearch(ContentHash.Of(RightIndex)).EndSearch(ContentHash.Of(Right));
    }

    private static byte[] Index(byte[] content) =>
        Packages(("pool/one.deb", ContentHash.Of(content), content.Length), ("pool/two.deb", ContentHash.Of(content), content.Length));

    private static byte[] ReleaseOf(int minutesLater, byte[] index)
    {
        var date = new VirtualTime()
            .GetUtcNow()
            .AddMinutes(minutesLater)
            .ToString("ddd, d MMM yyyy HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        return InRelease(Release($"Date: {date}\n", ("main/Packages", index)));
    }

    /// <summary>A client updates and installs while somebody is on the path; then they are gone.</summary>
    private async Task ForgeAsync(int minutesLater)
    {
        await LearnAsync(ReleaseOf(minutesLater, ForgedIndex), ForgedIndex);
        Assert.Equal(Forged, await GetAsync(One, client: _poisoned));
        await StoredAsync();
        _files[Suite + "InRelease"] = ReleaseOf(0, RightIndex);
        _files[IndexPath] = RightIndex;
    }

    private Task StoredAsync() => _rig.Fetcher.Find(ContentHash.Of(Forged))?.Ended ?? Task.CompletedTask;

    private async Task LearnAsync(byte[] release, byte[] index)
    {
        _files[Suite + "InRelease"] = release;
        await GetAsync(Suite + "InRelease", client: _poisoned);
        await GetAsync(Suite + "InRelease", client: _poisoned); // on the same connection, so it is learned by now
        await _rig.Services.GetRequiredService<CatalogLearning>().LearnIndexAsync(
            _mirror.Origin(IndexPath), ContentHash.Of(index), () => ValueTask.FromResult<Stream>(new MemoryStream(index)), Cancellation);
    }

    /// <summary>Tags and dates are those of the right files, also on what is forged.</summary>
    private Answer Answers(ServedRequest request) =>
        !request.Target.StartsWith(Suite, StringComparison.Ordinal) ? Answer.Right
        : !_files.TryGetValue(request.Target, out var file) ? Answer.Error(404)
        : request.Headers.ContainsKey("If-None-Match") ? Answer.Error(304)
        : Answer.Of(file);

    private async Task<byte[]> GetAsync(string path, string? wish = null, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{_rig.EndPoint}/{Authority}{path}");
        if (wish is not null)
        {
            request.Headers.Add("Cache-Control", wish);
        }

        using var own = new HttpClient();
        using var response = await (client ?? own).SendAsync(request, Cancellation);
        return await response.Content.ReadAsByteArrayAsync(Cancellation);
    }
}
