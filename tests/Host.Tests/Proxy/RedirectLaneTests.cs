using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Origins.Http;
using AptP2P.Testing;
using AptP2P.Testing.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Proxy;

/// <summary>Every form of redirect in every lane, through the host and its mirror plugin as they are built.</summary>
public sealed partial class RedirectLaneTests : IAsyncLifetime
{
    private const string Folder = "/debian/pool/";
    private const string Exact = "./%7E/x%2b+/"; // not to be touched on the way
    private const string Credentials = "Basic Zm9vOmJhcg==";

    private static readonly int[] Statuses = [301, 302, 303, 307, 308];
    private static readonly string[] Forms = ["absolute", "scheme", "path", "relative", "query", "elsewhere"];
    private static readonly string[] Refused = ["loop", "chain", "choices", "nowhere", "none", "ftp", "password"];

    private readonly DirectoryInfo _plugins = Directory.CreateTempSubdirectory("redirect-plugins");
    private readonly FaultyServer _origin = FaultyServer.Start("127.50.6.1", default);
    private readonly FaultyServer _elsewhere = FaultyServer.Start("127.50.6.2", default);
    private readonly ConcurrentDictionary<string, byte[]> _files = new();
    private ProxyRig _rig = null!;
    private int _made;
    private HttpClient _prefix = null!;
    private HttpClient _proxy = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        const string Mirror = "Source.Mirror";
        var host = typeof(RedirectLaneTests)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "Host")
            .Value!;
        Directory.CreateSymbolicLink(
            Path.Combine(_plugins.FullName, Mirror), Path.Combine(Path.GetDirectoryName(host)!, "plugins", Mirror));
        (_origin.Otherwise, _elsewhere.Otherwise) = (Serve, Serve);
        _rig = await ProxyRig.StartAsync("127.50.6.3", services => services.RemoveAll<ISource>(), $"--Host:Plugins={_plugins.FullName}");
        _prefix = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri($"http://{_rig.EndPoint}/{_origin.EndPoint}/"),
        };
        _proxy = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, Proxy = new WebProxy($"http://{_rig.EndPoint}") })
        {
            BaseAddress = new Uri(_origin.Url("/")),
        };
    }

    public async ValueTask DisposeAsync()
    {
        _prefix.Dispose();
        _proxy.Dispose();
        await _rig.DisposeAsync();
        await _origin.DisposeAsync();
        await _elsewhere.DisposeAsync();
        _plugins.Delete(recursive: true); // not what the link points to
    }

    [Theory]
    [InlineData(false, "GET")]
    [InlineData(false, "HEAD")]
    [InlineData(true, "GET")]
    [InlineData(true, "HEAD")]
    public async Task PassedThrough_AnyRedirect_IsFollowed(bool isProxyForm, string method)
    {
        foreach (var name in Names("unknown"))
        {
            using var answer = await AskAsync(isProxyForm, method, name);

            AssertFollowed(name, method);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{name}: {answer.StatusCode}");
            Assert.Equal(method == "GET" ? _files[name] : [], await answer.Content.ReadAsByteArrayAsync(Cancellation));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fetched_AnyRedirect_IsFollowed(bool isProxyForm)
    {
        string[] names = [.. Names($"known{isProxyForm}")];
        await PublishAsync(names);
        foreach (var name in names)
        {
            using var answer = await AskAsync(isProxyForm, "GET", name);

            AssertFollowed(name, "GET");
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{name}: {answer.StatusCode}");
            Assert.Equal("MIRROR", answer.Headers.GetValues("X-Cache").Single());
            Assert.Equal(_files[name], await answer.Content.ReadAsByteArrayAsync(Cancellation));
        }
    }

    [Fact]
    public async Task AskedByTheCatalog_AnyRedirect_IsFollowed()
    {
        foreach (var name in Names("own"))
        {
            var client = _rig.Services.GetRequiredService<FailoverClient>();
            using var answer = await client.GetAsync(_origin.Origin(Folder + name), Cancellation);

            AssertFollowed(name, "GET");
            Assert.Equal(_files[name], await answer.Content.ReadAsByteArrayAsync(Cancellation));
        }
    }

    [Theory]
    [InlineData("GET", false)]
    [InlineData("HEAD", false)]
    [InlineData("GET", true)] // a known hash: the fetch fails first, then the same is found out for the client
    public async Task WhatIsNotFollowed_InAnyLane_IsRefusedWithATextAndNotTriedAgainByApt(string method, bool isKnown)
    {
        string[] names = [.. Refused.Select(form => Name($"refused{isKnown}", form == "choices" ? 300 : 302, form, hasBody: true))];
        await PublishAsync(isKnown ? names : ["unused"]);
        foreach (var name in names)
        {
            foreach (var isProxyForm in new[] { false, true })
            {
                using var answer = await AskAsync(isProxyForm, method, name);

                Assert.True(
                    answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotImplemented or HttpStatusCode.LoopDetected,
                    $"{name}: {answer.StatusCode}");
                Assert.Matches("redirect|no address", answer.ReasonPhrase);
                Assert.Equal(method == "GET", (await answer.Content.ReadAsStringAsync(Cancellation)).Length > 0);
            }
        }
    }

    [Fact]
    public async Task Chain_OfTen_IsFollowedAsAptWould()
    {
        _origin.Script([.. Enumerable.Range(1, 10).Select(number => Answer.Redirect($"/{number}"))]);
        using var answer = await _prefix.GetAsync(new Uri("x", UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(11, _origin.Requests.Count);
    }

    [Theory]
    [InlineData("path", true)]
    [InlineData("absolute", true)]
    [InlineData("elsewhere", false)]
    public async Task Password_Redirected_GoesToTheSamePlaceOnly(string form, bool isSame)
    {
        var name = Name("private", 302, form, hasBody: true);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri((Folder + name)[1..], UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Authorization", Credentials);
        using var answer = await _prefix.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var (first, last) = (_origin.Requests[0], (isSame ? _origin : _elsewhere).Requests[^1]);
        Assert.Equal(Credentials, first["Authorization"]);
        Assert.Equal(isSame ? Credentials : null, last["Authorization"]);
    }

    [Fact]
    public async Task Redirected_ToThisDaemonItself_IsForbidden()
    {
        _origin.Script(Answer.Redirect($"http://{_rig.EndPoint}/{_origin.EndPoint}/x"));
        using var answer = await _prefix.GetAsync(new Uri("x", UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("this daemon itself", answer.ReasonPhrase, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirected_ToALinkLocalAddress_IsForbiddenWithWhatToSet()
    {
        _origin.Script(Answer.Redirect("http://169.254.169.254/latest/meta-data"));
        using var answer = await _prefix.GetAsync(new Uri("x", UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("AllowUpstream", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_BothWays_UpIsFollowedAndDownIsForbidden()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=mirror.test", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            now.AddDays(-1), now.AddDays(1));
        await using var safe = FaultyServer.Start("127.50.6.4", "over TLS"u8.ToArray(), certificate);
        await using var rig = await ProxyRig.StartAsync("127.50.6.5", services =>
            services.AddSingleton(
                new SslClientAuthenticationOptions
                {
                    RemoteCertificateValidationCallback = (_, presented, _, _) => certificate.Equals(presented),
                }));
        using var client = new HttpClient { BaseAddress = new Uri($"http://{rig.EndPoint}/") };
        _origin.Script(Answer.Redirect(safe.Url("/up")));
        safe.Script(Answer.Right, Answer.Redirect(_origin.Url("/down")));

        using var up = await client.GetAsync(new Uri($"{_origin.EndPoint}/up", UriKind.Relative), Cancellation);
        using var down = await client.GetAsync(new Uri($"https/{safe.EndPoint}/down", UriKind.Relative), Cancellation);

        Assert.Equal("over TLS", await up.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(HttpStatusCode.Forbidden, down.StatusCode);
        Assert.Contains("from https to http", down.ReasonPhrase, StringComparison.Ordinal);
        Assert.Single(_origin.Requests);
    }

    private static IEnumerable<string> Names(string lane) =>
        from status in Statuses from form in Forms from hasBody in new[] { true, false } select Name(lane, status, form, hasBody);

    private static string Name(string lane, int status, string form, bool hasBody) =>
        $"{lane}-{status}-{form}-{(hasBody ? "body" : "bare")}.deb";

    /// <summary>A file's name says where it redirects; what a redirect leads to is not a name in the folder.</summary>
    private Answer Serve(ServedRequest request)
    {
        var name = NameIn().Match(request.Target).Value;
        var isFirst = request.Target == Folder + name;
        if (name.Split('-') is not [_, var status, var form, var body] || (!isFirst && !Refused.Contains(form)))
        {
            return Answer.Of(Bytes(name));
        }

        var location = LocationOf(form, name, request.Target);
        var answer = Answer.Redirect(location, int.Parse(status, provider: null));
        return body == "bare.deb" ? answer with { Body = ReadOnlyMemory<byte>.Empty } : answer;
    }

    private string LocationOf(string form, string name, string target) => form switch
    {
        "absolute" => _origin.Url($"/{Exact}{name}"),
        "scheme" => $"//{_origin.EndPoint}/{Exact}{name}",
        "path" => $"/{Exact}{name}",
        "relative" => $"../%7E/x%2b+/{name}",
        "query" => "?go=%7E/./",
        "elsewhere" => _elsewhere.Url($"/{Exact}{name}"),
        "loop" => Folder + name,
        "chain" => target + "x",
        "choices" => $"/{name}",
        "nowhere" => "http://",
        "none" => "",
        "ftp" => "ftp://ftp.us.debian.org/" + name,
        "password" => $"http://user:pw@{_origin.EndPoint}/{name}",
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, "no such form"),
    };

    private void AssertFollowed(string name, string method)
    {
        var form = name.Split('-')[2];
        var last = (form == "elsewhere" ? _elsewhere : _origin).Requests[^1];
        Assert.Equal(
            form switch
            {
                "relative" => $"/debian/%7E/x%2b+/{name}",
                "query" => $"{Folder}{name}?go=%7E/./",
                _ => $"/{Exact}{name}",
            },
            last.Target);
        Assert.Equal(method, last.Method);
    }

    private byte[] Bytes(string name) => _files.GetOrAdd(name, _ => TestContent.Bytes(500, seed: Interlocked.Increment(ref _made)));

    private Task<HttpResponseMessage> AskAsync(bool isProxyForm, string method, string name) =>
        (isProxyForm ? _proxy : _prefix).SendAsync(
            new HttpRequestMessage(new HttpMethod(method), new Uri((Folder + name)[1..], UriKind.Relative)), Cancellation);

    private async Task PublishAsync(string[] names)
    {
        var index = Packages([.. names.Select(name => ($"pool/{name}", ContentHash.Of(Bytes(name)), (long)Bytes(name).Length))]);
        var learning = _rig.Services.GetRequiredService<CatalogLearning>();
        await learning.LearnReleaseAsync(
            Origin(_origin.Url("/debian/dists/test/InRelease")), Release(("main/Packages", index)), Cancellation);
        var learned = await learning.LearnIndexAsync(
            Origin(_origin.Url("/debian/dists/test/main/Packages")), ContentHash.Of(index),
            () => ValueTask.FromResult<Stream>(new MemoryStream(index)), Cancellation);
        Assert.Equal(LearnOutcome.Learned, learned.Outcome);
    }

    [GeneratedRegex(@"\w+-\d+-\w+-\w+\.deb")]
    private static partial Regex NameIn();
}
