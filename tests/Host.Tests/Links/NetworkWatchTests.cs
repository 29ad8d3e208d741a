using System.Net;
using AptP2P.Host.Links;
using AptP2P.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AptP2P.Host.Tests.Links;

public sealed class NetworkWatchTests : IAsyncLifetime
{
    private readonly VirtualTime _time = new();
    private readonly MachineAddresses _machine;
    private readonly NetworkWatch _watch;
    private NetworkLink[] _links = [Link("wlan0", "192.168.1.5", "192.168.1.1"), Loopback];
    private int _reads;
    private Action? _event;

    public NetworkWatchTests()
    {
        _machine = new MachineAddresses(Read);
        _watch = new NetworkWatch(_machine, changed => new Listening(this, changed), _time, NullLogger<NetworkWatch>.Instance);
    }

    private static NetworkLink Loopback => new("lo", IsUp: true, [IPAddress.Loopback, IPAddress.IPv6Loopback], []);

    [Fact]
    public void Current_NetworkChanged_IsNoticedSoonAndNotAskedForEachTime()
    {
        Assert.Contains(IPAddress.Parse("192.168.1.5"), _machine.Current);
        _time.Advance(TimeSpan.Zero);
        _links = [Link("wlan0", "10.0.0.5", "10.0.0.1"), Loopback];
        var before = _reads;
        Assert.DoesNotContain(IPAddress.Parse("10.0.0.5"), _machine.Current);

        _time.Advance(NetworkWatch.Pause);

        Assert.Contains(IPAddress.Parse("10.0.0.5"), _machine.Current);
        Assert.Equal(before + 1, _reads);
    }

    [Fact]
    public void Changes_NothingChanges_AreNone()
    {
        _time.Advance(TimeSpan.FromHours(1));
        _event!();
        _time.Advance(NetworkWatch.Pause);

        Assert.Equal(0, _machine.Changes);
    }

    [Fact]
    public async Task Changes_TheSystemTells_AreCountedOnceThingsHaveSettled()
    {
        _time.Advance(TimeSpan.Zero);
        var change = _machine.WaitForChangeAsync(0, TestContext.Current.CancellationToken);

        _links = [Loopback];
        _event!();
        _time.Advance(NetworkWatch.Settling); // the old one has gone
        _links = [Link("wlan0", "10.0.0.5"), Loopback];
        _time.Advance(NetworkWatch.Settling);
        _links = [Link("wlan0", "10.0.0.5", "10.0.0.1"), Loopback];
        _time.Advance(NetworkWatch.Settling);
        Assert.Equal(0, _machine.Changes);
        _time.Advance(NetworkWatch.Settling);

        Assert.Equal(1, await change);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, _machine.Changes);
    }

    [Fact]
    public void Changes_GoneAndBackAsItWas_AreCounted() // it may be another network with the same addresses
    {
        _time.Advance(TimeSpan.Zero);
        var before = _links;
        _links = [Loopback];
        _event!();
        _time.Advance(NetworkWatch.Settling / 2);
        _links = before;
        _time.Advance(3 * NetworkWatch.Settling);

        Assert.Equal(1, _machine.Changes);
    }

    [Fact]
    public void Changes_NeverSettles_AreCountedAllTheSame()
    {
        _time.Advance(TimeSpan.Zero);
        for (var i = 1; i <= NetworkWatch.MostLooks + 1; i++)
        {
            _links = [Link("wlan0", $"10.0.0.{i}"), Loopback];
            _event!();
            _time.Advance(NetworkWatch.Settling);
        }

        Assert.Equal(1, _machine.Changes);
    }

    [Fact]
    public void Changes_TheMachineSlept_AreCounted()
    {
        _time.Advance(TimeSpan.FromMinutes(1));

        _time.Sleep(TimeSpan.FromHours(8));
        _time.Advance(NetworkWatch.Pause + NetworkWatch.Settling);

        Assert.Equal(1, _machine.Changes);
    }

    [Fact]
    public void Changes_TheClockIsSetRight_AreNone()
    {
        _time.Advance(TimeSpan.FromMinutes(1));

        _time.Sleep(TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromMinutes(1));
        _time.Sleep(-TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(0, _machine.Changes);
    }

    [Fact]
    public void Changes_LinkThatLeadsOut_CountsAndAContainersDoesNot()
    {
        var container = new NetworkLink("veth1", IsUp: true, [IPAddress.Parse("fe80::1%7")], []);
        var bridge = Link("docker0", "172.17.0.1");
        _links = [.. _links, bridge with { IsUp = false }];
        _time.Advance(TimeSpan.Zero);

        _links = [_links[0], Loopback, bridge, container];
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, _machine.Changes);

        _links = [_links[0] with { IsUp = false }, Loopback, bridge];
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _machine.Changes);
    }

    [Fact]
    public void Changes_NoLinkLeadsOut_EachCounts()
    {
        _links = [Link("eth0", "169.254.3.4"), Loopback];
        _time.Advance(TimeSpan.Zero);

        _links = [_links[0] with { IsUp = false }, Loopback];
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1, _machine.Changes);
    }

    [Fact]
    public void Changes_TheSystemCannotSay_StandAsTheyWere()
    {
        _time.Advance(TimeSpan.Zero);
        var before = _links;
        _links = [];
        _time.Advance(TimeSpan.FromMinutes(1));
        _links = before;
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(0, _machine.Changes);
        Assert.Contains(IPAddress.Parse("192.168.1.5"), _machine.Current);
    }

    [Fact]
    public async Task WaitForChange_Cancelled_Ends()
    {
        using var cancellation = new CancellationTokenSource();
        var change = _machine.WaitForChangeAsync(0, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => change);
    }

    [Fact]
    public async Task Stopping_Always_ListensAndLooksNoMore()
    {
        _time.Advance(TimeSpan.Zero);
        Assert.NotNull(_event);

        await _watch.StoppingAsync(TestContext.Current.CancellationToken);
        var reads = _reads;
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Null(_event);
        Assert.Equal(reads, _reads);
    }

    public async ValueTask InitializeAsync() => await _watch.StartedAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await _watch.StoppingAsync(CancellationToken.None);

    private static NetworkLink Link(string name, string address, params string[] gateways) =>
        new(name, IsUp: true, [IPAddress.Parse(address)], [.. gateways.Select(IPAddress.Parse)]);

    private NetworkReading Read()
    {
        _reads++;
        return _links.Length > 0 ? new NetworkReading(_links, []) : throw new IOException("nothing");
    }

    private sealed class Listening : IDisposable
    {
        private readonly NetworkWatchTests _test;

        public Listening(NetworkWatchTests test, Action changed) => (_test, test._event) = (test, changed);

        public void Dispose() => _test._event = null;
    }
}
