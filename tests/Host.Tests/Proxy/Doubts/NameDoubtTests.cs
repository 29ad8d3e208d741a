using System.Globalization;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Host.Tests.Proxy.Metadata;
using AptP2P.Testing;
using AptP2P.Testing.Http;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Proxy.Doubts;

/// <summary>Stored files that may have become other ones under their names.</summary>
public sealed class NameDoubtTests : IAsyncLifetime
{
    private const string Suite = "/debian/dists/stable/";
    private const string Pool = "/debian/pool/x.deb";

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500); // nothing else here waits for this long
    private static readonly byte[] Old = TestContent.Bytes(1_000, seed: 1);
    private static readonly byte[] New = TestContent.Bytes(1_001, seed: 2);

    private readonly FaultyServer _mirror = FaultyServer.Start("127.36.3.1", New);
    private readonly VirtualTime _time = new();
    private readonly WatchedTime _watched;
    private ProxyRig _rig = null!;
    private byte[] _release = ReleaseOf(0, Index());

    public NameDoubtTests() => _watched = new WatchedTime(_time);

    private string Authority => _mirror.EndPoint.ToString();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _mirror.ETag = "";
        _mirror.Otherwise = request => request.Target.EndsWith("/InRelease", StringComparison.Ordinal) ? Answer.Of(_release) : Answer.Right;
        _rig = await ProxyRig.StartAsync(
            "127.36.3.2", services => services.AddSingleton<TimeProvider>(_watched), "--Fetch:Silence=700ms", "--Catalog:AptSources=",
            "--Catalog:Keyrings=");
        using var client = new HttpClient();
        await GetAsync(client, Suite + "InRelease");
        await GetAsync(client, Suite + "InRelease"); // on the same connection, so it is learned by now
        var index = Index();
        await _rig
            .Services.GetRequiredService<CatalogLearning>()
            .LearnIndexAsync(
                Origin($"http://{Authority}{Suite}main/Packages"), ContentHash.Of(index),
                () => ValueTask.FromResult<Stream>(new MemoryStream(index)), Cancellation);
        var hash = ContentHash.Of(Old);
        _rig.Mirror.Add(hash, new InMemoryChannel("memory", Old, TimeProvider.System)).EndSearch(hash);
        Assert.Equal(Old, await GetAsync(client, Pool));
        await (_rig.Fetcher.Find(hash)?.Ended ?? Task.CompletedTask);
        _time.Advance(TimeSpan.FromHours(1)); // what is asked for again then is not asked again at once
    }

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _mirror.DisposeAsync();
    }

    [Fact]
    public async Task Get_TheReleaseIsTheSame_ItIsAskedForOncePerConnection()
    {
        using var client = new HttpClient();
        var asked = _mirror.Requests.Count;

        Assert.Equal(Old, await GetAsync(client, Pool));
        // on the same connection, so the file's end is noted
        using var nothing = await client.GetAsync(new Uri($"http://{_rig.EndPoint}/p2p/nothing"), Cancellation);
        _time.Advance(TimeSpan.FromMinutes(11)); // else it would be asked for again at once, as by one who did not like it
        Assert.Equal(Old, await GetAsync(client, Pool));

        Assert.Equal(Suite + "InRelease", Assert.Single(_mirror.Requests.Skip(asked)).Target);
    }

    [Fact]
    public async Task Get_AfterTheReleaseOnTheSameConnection_IsNotInDoubt()
    {
        using var client = new HttpClient();
        await GetAsync(client, Suite + "InRelease");
        var asked = _mirror.Requests.Count;

        Assert.Equal(Old, await GetAsync(client, Pool));

        Assert.Equal(asked, _mirror.Requests.Count);
    }

    [Fact]
    public async Task Get_TheReleaseIsAnother_TheMirrorSaysWhatTheNameMeans()
    {
        _release = ReleaseOf(1, [1]);
        using var client = new HttpClient();

        Assert.Equal(New, await GetAsync(client, Pool));
    }

    [Fact]
    public async Task Get_TheMirrorHangs_IsGivenAfterAMomentAndNobodyIsBlamed()
    {
        _mirror.Script(Answer.StallBeforeHeaders() with { Body = _release });
        using var client = new HttpClient();
        var waiting = GetAsync(client, Pool);
        await _mirror.StalledAsync(Cancellation);
        await _watched.SetAsync(Patience, Cancellation);
        _time.Advance(Patience);

        Assert.Equal(Old, await waiting);
        Assert.False(_rig.Services.GetRequiredService<OriginHealth>().IsAway(Authority));
        using var another = new HttpClient();
        Assert.Equal(Old, await GetAsync(another, Pool)); // no time passes: it was looked at lately
    }

    [Fact]
    public async Task Get_TheMirrorIsAway_IsGivenAtOnce()
    {
        _rig.Services.GetRequiredService<OriginHealth>().GoesAway(Authority, isSilent: true);
        var asked = _mirror.Requests.Count;
        using var client = new HttpClient();

        Assert.Equal(Old, await GetAsync(client, Pool));
        Assert.Equal(asked, _mirror.Requests.Count);
    }

    private static byte[] Index() => Packages(("pool/x.deb", ContentHash.Of(Old), Old.Length));

    private static byte[] ReleaseOf(int minutesLater, byte[] index)
    {
        var date = new VirtualTime()
            .GetUtcNow()
            .AddMinutes(minutesLater)
            .ToString("ddd, d MMM yyyy HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        return InRelease(Release($"Date: {date}\n", ("main/Packages", index)));
    }

    private Task<byte[]> GetAsync(HttpClient client, string path) =>
        client.GetByteArrayAsync(new Uri($"http://{_rig.EndPoint}/{Authority}{path}"), Cancellation);
}
