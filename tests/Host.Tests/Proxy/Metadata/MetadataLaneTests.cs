using System.Globalization;
using System.Net;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Host.Proxy.Metadata;
using AptP2P.Testing;
using AptP2P.Testing.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Proxy.Metadata;

/// <summary>InRelease while its mirror is well, in trouble, or wrong.</summary>
public sealed class MetadataLaneTests : IAsyncLifetime
{
    private const string Path = "/debian/dists/stable/InRelease";

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2_100); // nothing else waits for this long

    private readonly FaultyServer _mirror = FaultyServer.Start("127.36.1.1", Dated(0));
    private readonly VirtualTime _time = new();
    private readonly WatchedTime _watched;
    private readonly HttpClient _client = new();
    private ProxyRig _rig = null!;

    public MetadataLaneTests() => _watched = new WatchedTime(_time);

    public static TheoryData<string> Troubles => [.. TroubleAnswers.Keys];

    private static Dictionary<string, Answer> TroubleAnswers { get; } = new()
    {
        ["closes at once"] = Answer.CloseAtOnce,
        ["not HTTP"] = Answer.Verbatim("220 mail.example ESMTP\r\n"),
        ["500"] = Answer.Error(500),
        ["503"] = Answer.Busy(TimeSpan.FromSeconds(9)),
        ["429"] = Answer.Error(429),
        ["cut"] = Answer.Of(Dated(1)) with { CutAt = 100 },
        ["cut by a reset"] = Answer.Of(Dated(1)) with { CutAt = 100, Reset = true },
    };

    private MetadataQuestions Questions => _rig.Services.GetRequiredService<MetadataQuestions>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _mirror.ETag = "";
        _rig = await ProxyRig.StartAsync(
            "127.36.1.2", services => services.AddSingleton<TimeProvider>(_watched), "--Origins:Patience=2100ms",
            "--Origins:FirstRetry=3100ms", "--Origins:LongestRetry=50300ms", "--Catalog:AptSources=", "--Catalog:Keyrings=");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _mirror.DisposeAsync();
        await _rig.DisposeAsync();
    }

    [Fact]
    public async Task Get_TheMirrorHangs_ItIsAskedOnceAndAllHaveTheCopyInTime()
    {
        await GetAsync();
        await GetAsync(); // on the same connection, so the copy is made by now
        _watched.Forget(Patience); // this one's wait is over
        _mirror.Script(Answer.StallBeforeHeaders() with { Body = Dated(1) });
        var clients = Enumerable.Range(0, 50).Select(_ => GetAsync()).ToArray();
        await _mirror.StalledAsync(Cancellation);
        await PatienceEndsAsync(clients.Length);

        Assert.All(await Task.WhenAll(clients), got => AssertIs("STALE", Dated(0), got));
        // no time passes
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => GetAsync())), got => AssertIs("STALE", Dated(0), got));
        Assert.Equal(3, _mirror.Requests.Count);
    }

    [Fact]
    public async Task Get_TheMirrorAnswersLate_TheAnswerIsTheCopyAfterwards()
    {
        await GetAsync();
        _mirror.Script(Answer.StallBeforeHeaders() with { Body = Dated(1) });
        var late = GetAsync();
        await _mirror.StalledAsync(Cancellation);
        await PatienceEndsAsync(clients: 1);
        AssertIs("STALE", Dated(0), await late);
        _mirror.Content = Dated(1);

        _mirror.Release();
        await Questions.SettledAsync();

        Assert.Equal(Dated(1), (await GetAsync()).Body);
    }

    [Fact]
    public void Join_AnArchiveThatNeverAnswers_LeavesRoomForOthers()
    {
        _mirror.Otherwise = _ => Answer.StallBeforeHeaders();
        var hung = Enumerable
            .Range(0, 25)
            .Select(suite => Questions.Join(Origin($"http://{_mirror.EndPoint}/debian/dists/s{suite}/InRelease")))
            .ToArray();

        Assert.Equal(20, hung.Count(question => question is not null));
        Assert.NotNull(Questions.Join(Origin("http://127.36.1.3/debian/dists/stable/InRelease")));
    }

    [Fact]
    public async Task Get_TheBodyStalls_TheCopyIsGiven()
    {
        await GetAsync();
        _mirror.Script(Answer.Stall(0) with { Body = Dated(1) });
        var client = GetAsync();
        await _mirror.StalledAsync(Cancellation);
        await PatienceEndsAsync(clients: 1);

        AssertIs("STALE", Dated(0), await client);
    }

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task Get_TheMirrorIsInTrouble_TheCopyIsGivenAtOnceUntilItAnswers(string trouble)
    {
        await GetAsync();
        _mirror.Otherwise = _ => TroubleAnswers[trouble]; // .NET itself asks again where a used connection was closed

        var stale = await GetAsync();
        var asked = _mirror.Requests.Count;

        AssertIs("STALE", Dated(0), stale);
        Assert.Contains(stale.Response.Headers.Warning, warning => warning.Code == 110);
        AssertIs("STALE", Dated(0), await GetAsync());
        Assert.Equal(asked, _mirror.Requests.Count);
        var outages = _rig.Services.GetRequiredService<OriginHealth>().Outages;
        Assert.Equal((2, 0), Assert.Single(outages.Current.Select(outage => (outage.Copies, outage.Errors)))); // as the status page says
        _mirror.Otherwise = _ => Answer.Of(Dated(1));
        await AskedAgainAsync(3_100);
        await Questions.SettledAsync();
        Assert.Empty(outages.Current);
        Assert.Equal(Dated(1), (await GetAsync()).Body);
    }

    [Fact]
    public async Task Get_TheMirrorStaysAway_ItIsAskedAfterPausesThatGrow()
    {
        await GetAsync();
        _mirror.Otherwise = _ => Answer.Error(503);
        await GetAsync();
        foreach (var pause in (int[])[3_100, 6_200, 12_400, 24_800, 49_600, 50_300, 50_300])
        {
            await AskedAgainAsync(pause);
        }

        Assert.Equal(2 + 7, _mirror.Requests.Count);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(403)]
    [InlineData(410)]
    public async Task Get_TheMirrorSaysNo_ThatIsPassedOnAndTheCopyStays(int status)
    {
        await GetAsync();
        _mirror.Script(Answer.Error(status), Answer.Error(503));

        var (cache, body, response) = await GetAsync();

        Assert.Equal(("MISS", status), (cache, (int)response.StatusCode));
        Assert.NotEmpty(body); // apt takes an error without one for a lasting one
        AssertIs("STALE", Dated(0), await GetAsync());
    }

    [Fact]
    public async Task Get_ALoginPage_IsPassedOnAndTheCopyStays()
    {
        await GetAsync();
        var page = "<html>Sign in</html>"u8.ToArray();
        _mirror.Script(Answer.Of(page), Answer.Error(503));

        AssertIs("MISS", page, await GetAsync());
        AssertIs("STALE", Dated(0), await GetAsync());
    }

    [Theory]
    [InlineData(-1, "HIT", 0)]
    [InlineData(1, "MISS", 1)]
    public async Task Get_AnotherOne_TheNewerIsGiven(int minutesLater, string cache, int given)
    {
        await GetAsync();
        _mirror.Content = Dated(minutesLater);
        _mirror.LastModified = "Sat, 21 Nov 2026 02:27:59 GMT";

        AssertIs(cache, Dated(given), await GetAsync());
        _mirror.Script(Answer.Error(503));
        AssertIs("STALE", Dated(given), await GetAsync());
    }

    [Fact]
    public async Task Get_Unchanged_TheMirrorIsAskedForAChangeAndTheClientHasItsOwnAnswer()
    {
        _mirror.ETag = "\"one\"";
        await GetAsync();
        _mirror.Otherwise = _ => Answer.Error(304);

        AssertIs("HIT", Dated(0), await GetAsync());
        var asked = _mirror.Requests[^1].Headers;
        var (_, body, response) = await GetAsync(request =>
            request.Headers.IfModifiedSince = DateTimeOffset.Parse(_mirror.LastModified, CultureInfo.InvariantCulture));
        Assert.Equal((HttpStatusCode.NotModified, 0), (response.StatusCode, body.Length));
        Assert.Equal("\"one\"", asked["If-None-Match"]);
        var (_, whole, _) = await GetAsync(request => request.Headers.IfModifiedSince = DateTimeOffset.UnixEpoch);
        Assert.Equal(Dated(0), whole);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Get_TheClientTakesGzip_TheMirrorIsAskedForTheFileItself(bool hasCopy)
    {
        if (hasCopy)
        {
            await GetAsync();
        }

        await GetAsync(request => request.Headers.Add("Accept-Encoding", "gzip"));

        Assert.Equal("identity", _mirror.Requests[^1].Headers["Accept-Encoding"]);
    }

    [Fact]
    public async Task Get_NoLongerValid_TheMirrorsFailureIsTold() // with the copy apt would be worse off: it calls it expired
    {
        _mirror.Content = Dated(0, fields: "Valid-Until: Thu, 1 Jan 2026 01:00:00 UTC\n");
        await GetAsync();
        _time.Advance(TimeSpan.FromHours(2));
        _mirror.Script(Answer.Error(503));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync()).Response.StatusCode);
    }

    [Fact]
    public async Task Get_WithAPassword_TheCopyIsNotGiven()
    {
        await GetAsync();
        _mirror.Script(Answer.Error(503));

        var (_, _, response) = await GetAsync(request => request.Headers.Authorization = new("Basic", "eDp5"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task Head_WithACopy_IsAnsweredAsGetWithoutABody()
    {
        await GetAsync();

        var (cache, body, response) = await GetAsync(request => request.Method = HttpMethod.Head);

        Assert.Equal(("MISS", 0, (long?)Dated(0).Length), (cache, body.Length, response.Content.Headers.ContentLength));
    }

    private static void AssertIs(string cache, byte[] body, (string Cache, byte[] Body, HttpResponseMessage Response) got)
    {
        Assert.Equal((cache, HttpStatusCode.OK), (got.Cache, got.Response.StatusCode));
        Assert.Equal(body, got.Body);
    }

    /// <summary>Lets the time pass that clients wait, once they do.</summary>
    private async Task PatienceEndsAsync(int clients)
    {
        for (var i = 0; i < clients; i++)
        {
            await _watched.SetAsync(Patience, Cancellation);
        }

        _time.Advance(Patience);
    }

    /// <summary>Lets the mirror be asked once more, after this pause, which nothing else makes.</summary>
    private async Task AskedAgainAsync(int milliseconds)
    {
        var asked = _mirror.Requests.Count;
        await _watched.SetAsync(TimeSpan.FromMilliseconds(milliseconds), Cancellation);
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        while (_mirror.Requests.Count == asked)
        {
            await _mirror.ArrivedAsync(Cancellation);
        }
    }

    private async Task<(string Cache, byte[] Body, HttpResponseMessage Response)> GetAsync(Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{_rig.EndPoint}/{_mirror.EndPoint}{Path}");
        change?.Invoke(request);
        var response = await _client.SendAsync(request, Cancellation);
        var cache = response.Headers.TryGetValues("X-Cache", out var values) ? values.Single() : "";
        return (cache, await response.Content.ReadAsByteArrayAsync(Cancellation), response);
    }
}
