using System.Net;
using System.Net.Sockets;
using AptP2P.Host.Origins.Connecting;
using Xunit;

namespace AptP2P.Host.Tests.Origins.Connecting;

/// <summary>Names while the resolver answers, and while it does not.</summary>
public sealed class NameCacheTests
{
    private const string Name = "mirror.test";

    private static readonly IPAddress[] Old = [IPAddress.Parse("192.0.2.1")];
    private static readonly IPAddress[] New = [IPAddress.Parse("192.0.2.2")];

    private readonly Network _network = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Resolve_Again_TheResolverIsAskedWhenTheAnswerIsNoLongerFresh()
    {
        await LearnAsync();
        await ResolveAsync();
        Assert.Single(_network.Asked);

        _network.Resolves(Name, "192.0.2.2");
        _network.Time.Advance(NameCache.Fresh);
        Assert.Equal(New, await ResolveAsync());
    }

    [Fact]
    public async Task AskAnew_AnotherNetwork_TheResolverIsAskedAndTheOldAnswerServesMeanwhile()
    {
        await LearnAsync();
        _network.Names.AskAnew();
        _network.Fails(Name, SocketError.TryAgain);
        Assert.Equal(Old, await ResolveAsync());

        _network.Names.AskAnew(); // not only after the pause
        _network.Resolves(Name, "192.0.2.2");
        Assert.Equal(New, await ResolveAsync());
        Assert.Equal(3, _network.Asked.Count);
    }

    [Fact]
    public async Task Resolve_Silent_TheOldAnswerAfterAMomentAndThenAtOnce()
    {
        await LearnAsync();
        _network.Time.Advance(NameCache.Fresh);
        var answer = _network.Hangs(Name);
        var before = _network.Time.Elapsed;

        Assert.Equal(Old, await _network.Time.RunAsync(ResolveAsync()));
        Assert.Equal(NameCache.Patience, _network.Time.Elapsed - before);

        Assert.Equal(Old, await ResolveAsync());
        Assert.Equal(NameCache.Patience, _network.Time.Elapsed - before);
        Assert.Equal(2, _network.Asked.Count); // one question for all

        await Task.Run(() => answer.SetResult(New), Cancellation); // without a context, what waits for it goes on within the call
        Assert.Equal(New, await ResolveAsync());
    }

    [Fact]
    public async Task Resolve_TheResolverFails_TheOldAnswerWithoutWaiting()
    {
        await LearnAsync();
        _network.Time.Advance(NameCache.Fresh);
        _network.Fails(Name, SocketError.TryAgain);

        Assert.Equal(Old, await ResolveAsync());
        Assert.Equal(Old, await ResolveAsync());
        Assert.Equal(2, _network.Asked.Count); // not anew for each who asks

        _network.Resolves(Name, "192.0.2.2");
        _network.Time.Advance(NameCache.Pause);
        Assert.Equal(New, await ResolveAsync());
    }

    [Fact]
    public async Task Resolve_TheNameIsGone_IsBelieved()
    {
        await LearnAsync();
        _network.Time.Advance(NameCache.Fresh);
        _network.Fails(Name, SocketError.HostNotFound);

        await Assert.ThrowsAsync<IOException>(ResolveAsync);
    }

    [Fact]
    public async Task Resolve_TooOldAnAnswer_IsNotUsed()
    {
        await LearnAsync();
        _network.Fails(Name, SocketError.TryAgain);
        _network.Time.Advance(_network.Origins.KeepNames + TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<IOException>(ResolveAsync);
    }

    [Fact]
    public async Task Resolve_NeverKnownAndSilent_WaitsAsLongAsTheCaller()
    {
        _network.Hangs(Name);

        var connecting = _network.Connector.ConnectAsync(Name, 80, OriginReach.Local, Cancellation).AsTask();

        await Assert.ThrowsAsync<IOException>(() => _network.Time.RunAsync(connecting));
        Assert.Equal(TimeSpan.FromSeconds(10), _network.Time.Elapsed);
    }

    [Fact]
    public async Task Resolve_MoreNamesThanFit_TheOneUsedLastStays()
    {
        await LearnAsync();
        for (var number = 0; number < 2_000; number++)
        {
            await Assert.ThrowsAsync<IOException>(async () => await _network.Names.ResolveAsync($"{number}.test", Cancellation));
        }

        var asked = _network.Asked.Count;
        Assert.Equal(Old, await ResolveAsync());
        Assert.Equal(asked, _network.Asked.Count);
    }

    [Fact]
    public async Task Find_SilentAndNeverKnown_WaitsForAMomentOnce()
    {
        _network.Hangs(Name);

        Assert.Empty(await _network.Time.RunAsync(FindAsync()));
        Assert.Empty(await FindAsync());
        Assert.Equal(NameCache.Patience, _network.Time.Elapsed);
    }

    [Fact]
    public async Task Find_Old_AtOnceWhileItIsAskedForAgain()
    {
        await LearnAsync();
        _network.Time.Advance(NameCache.Fresh);
        _network.Hangs(Name);

        Assert.Equal(Old, await FindAsync());
        Assert.Equal(NameCache.Fresh, _network.Time.Elapsed);
    }

    private async Task LearnAsync()
    {
        _network.Resolves(Name, "192.0.2.1");
        Assert.Equal(Old, await ResolveAsync());
    }

    private Task<IPAddress[]> ResolveAsync() => _network.Names.ResolveAsync(Name, Cancellation).AsTask();

    private Task<IPAddress[]> FindAsync() => _network.Names.FindAsync(Name, Cancellation).AsTask();
}
