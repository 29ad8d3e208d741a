using AptP2P.Host.Origins.Http;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Host.Proxy.Answers;
using AptP2P.Host.Proxy.PassThrough;
using AptP2P.Testing;
using AptP2P.Testing.Http;
using AptP2P.Testing.InMemory;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;
using Yarp.ReverseProxy.Forwarder;
using Answer = AptP2P.Testing.Http.Answer;

namespace AptP2P.Host.Tests.Proxy.PassThrough;

/// <summary>What has no known hash, when its origin is in trouble: another one may answer, but never finish what the first began.</summary>
public sealed class ForwarderTests : IAsyncLifetime
{
    private static readonly byte[] FirstBytes = TestContent.Bytes(50_000);
    private static readonly byte[] SecondBytes = TestContent.Bytes(60_000);

    // What the first does; whether the second is asked; whether the client gets a whole file.
    private static readonly Dictionary<string, (Answer Answer, bool AsksSecond, bool IsWhole)> Cases = new()
    {
        ["right"] = (Answer.Right, false, true),
        ["closes at once"] = (Answer.CloseAtOnce, true, true),
        ["not HTTP"] = (Answer.Verbatim("220 mail.example ESMTP\r\n"), true, true),
        ["500"] = (Answer.Error(500), true, true),
        ["503"] = (Answer.Busy(TimeSpan.FromSeconds(9)), true, true),
        ["429"] = (Answer.Error(429), true, true),
        ["404: an answer"] = (Answer.Error(404), false, true),
        ["403: an answer"] = (Answer.Error(403), false, true),
        ["silent before its headers"] = (Answer.StallBeforeHeaders(), true, true),
        ["cut in the body"] = (Answer.Cut(20_000), false, false),
    };

    private readonly FaultyServer _first = FaultyServer.Start("127.23.1.1", FirstBytes);
    private readonly FaultyServer _second = FaultyServer.Start("127.23.1.2", SecondBytes);
    private readonly VirtualTime _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider();
    private readonly ConnectionPools _pools = new(
        new DirectConnector(), new ReleaseMirrors(Options.Create(new RedirectOptions()), TimeProvider.System), new ViaMark());
    private Forwarder _forwarder = null!;

    public static TheoryData<string> Names => [.. Cases.Keys];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        var options = Options.Create(
            new FailoverOptions { Mirrors = [MirrorGroup.Parse($"{_first.EndPoint}/debian {_second.EndPoint}/pub", null)] });
        var mirrors = new MirrorList(options, new OriginHealth(options, _time));
        _forwarder = new Forwarder(
            _services.GetRequiredService<IHttpForwarder>(), _pools, mirrors, Options.Create(new PassThroughOptions()), options, _time,
            NullLogger<Forwarder>.Instance);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _pools.Dispose();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Forward_TheFirstDoes_TheSecondAnswersOrNot(string what)
    {
        var (answer, asksSecond, isWhole) = Cases[what];
        _first.Otherwise = _ => answer;
        var (failure, context, body) = await ForwardAsync(mayAskOthers: true, stalls: answer.StallAt is not null);

        Assert.Equal(asksSecond, _second.Requests.Count > 0);
        Assert.All(_second.Requests, request => Assert.Equal("/pub/dists/stable/InRelease", request.Target));
        if (isWhole)
        {
            Assert.Null(failure);
            Assert.Equal(asksSecond || answer.Status is null ? 200 : answer.Status, context.Response.StatusCode);
            Assert.True(answer.Status is not null && !asksSecond || (asksSecond ? SecondBytes : FirstBytes).AsSpan().SequenceEqual(body));
        }
        else
        {
            Assert.True(FirstBytes.AsSpan(0, body.Length).SequenceEqual(body));
        }
    }

    [Fact]
    public async Task Forward_WithAPassword_NobodyElseSeesIt()
    {
        _first.Otherwise = _ => Answer.Error(503);

        var (failure, context, _) = await ForwardAsync(mayAskOthers: false);

        Assert.Null(failure);
        Assert.Equal(503, context.Response.StatusCode);
        Assert.Empty(_second.Requests);
    }

    [Fact]
    public async Task Forward_AllInTrouble_TheFirstFailureIsTold()
    {
        _first.Otherwise = _ => Answer.Error(503);
        _second.Otherwise = _ => Answer.CloseAtOnce;

        var (failure, _, body) = await ForwardAsync(mayAskOthers: true);

        Assert.Equal(new ErrorAnswer(503, $"{_first.EndPoint} answered 503"), failure);
        Assert.Empty(body);
    }

    [Fact]
    public async Task Forward_AfterTrouble_TheSecondIsAskedFirst()
    {
        _first.Script(Answer.Error(503));
        await ForwardAsync(mayAskOthers: true);
        var asked = _first.Requests.Count;

        await ForwardAsync(mayAskOthers: true);

        Assert.Equal(asked, _first.Requests.Count);
        Assert.Equal(2, _second.Requests.Count);
    }

    private async Task<(ErrorAnswer? Failure, HttpContext Context, byte[] Body)> ForwardAsync(bool mayAskOthers, bool stalls = false)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = _services };
        context.Request.Method = "GET";
        context.Request.Protocol = "HTTP/1.1";
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        var transform = new PassThroughTransform(isMutable: true, passing: _ => { });
        var forwarding = _forwarder
            .ForwardAsync(context, _first.Origin("/debian/dists/stable/InRelease"), mayAskOthers, transform)
            .WaitAsync(Cancellation);
        if (stalls)
        {
            await _first.StalledAsync(Cancellation);
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        return (await forwarding, context, body.ToArray());
    }
}
