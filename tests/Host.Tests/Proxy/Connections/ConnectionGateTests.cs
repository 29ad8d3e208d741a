using System.Diagnostics.Metrics;
using System.Net;
using AptP2P.Host.Daemon;
using AptP2P.Host.Proxy.Connections;
using AptP2P.Host.Proxy.Requests;
using AptP2P.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Proxy.Connections;

/// <summary>Who gets a connection where there are few.</summary>
public sealed class ConnectionGateTests : IDisposable
{
    private const int All = 20;
    private const int Reserve = 5;
    private const int OfOneStranger = 4;
    private const int OfOneClient = All / 2;

    private static readonly IPAddress Apt = IPAddress.Parse("10.0.0.1");

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<int> _closed = [];
    private readonly ConnectionGate _gate;
    private int _number;

    public ConnectionGateTests()
    {
        var node = Options.Create(
            new NodeOptions
            {
                Connections = All,
                ConnectionReserve = Reserve,
                ConnectionsPerAddress = OfOneStranger,
            });
        var rules = new ClientRules(Options.Create(new ClientOptions { Allow = [IPNetwork.Parse("10.0.0.0/8")] }), node);
        var metrics = new ConnectionMetrics(_services.GetRequiredService<IMeterFactory>());
        _gate = new ConnectionGate(node, rules, metrics, NullLogger<ConnectionGate>.Instance);
    }

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData("203.0.113.1", "203.0.113.1", OfOneStranger)]
    [InlineData("203.0.113.1", "::ffff:203.0.113.1", OfOneStranger)] // the same, at a socket of both families
    [InlineData("2001:db8::1", "2001:db8::ffff:2", OfOneStranger)] // one subscriber has them all
    [InlineData("10.0.0.1", "10.0.0.1", OfOneClient)]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", OfOneClient)]
    public void Enter_MoreOfOneAddress_ClosesItsOldestIdle(string first, string later, int most)
    {
        Assert.NotNull(Enter(first));
        var second = Enter(first);
        second!.Begin().Dispose(); // so it is idle since later than the third
        var third = Enter(first);
        for (var more = 3; more < most; more++)
        {
            Assert.NotNull(Enter(first));
        }

        Assert.NotNull(Enter("203.0.113.200"));
        Assert.Empty(_closed);
        Assert.NotNull(Enter(later));
        Assert.Equal([1], _closed);
        third!.Begin();
        Assert.NotNull(Enter(later));
        Assert.Equal([1, 2], _closed);
    }

    [Theory]
    [InlineData("203.0.113.1", OfOneStranger)]
    [InlineData("10.0.0.1", OfOneClient)]
    public void Enter_MoreOfOneAddressThatAreAllAtWork_IsRefused(string address, int most)
    {
        var work = Enumerable.Range(0, most).Select(_ => Enter(address)!.Begin()).ToArray();

        Assert.Null(Enter(address));
        Assert.NotNull(Enter("203.0.113.2"));
        Assert.NotNull(Enter("10.0.0.2"));
        Assert.Empty(_closed);
        work[0].Dispose();
        Assert.NotNull(Enter(address));
        Assert.Equal([1], _closed);
    }

    [Fact]
    public void Enter_StrangersFromManyAddresses_LeaveTheReserve()
    {
        var strangers = Enumerable.Range(1, 30).Select(host => Enter($"203.0.113.{host}")).ToArray();
        foreach (var stranger in strangers.Reverse().Take(All - Reserve))
        {
            stranger!.Begin(); // those that are there still
        }

        Assert.All(strangers, Assert.NotNull); // each took the place of an idle one
        Assert.Equal(30 - (All - Reserve), _closed.Count);
        Assert.Null(Enter("203.0.113.99"));
        Assert.All(Enumerable.Range(1, Reserve), host => Assert.NotNull(Enter($"10.0.0.{host}")?.Begin()));
        Assert.Null(Enter("10.0.0.99")); // all of all are at work
    }

    [Fact]
    public void Enter_NoRoomForStrangers_TakesTheAddressWithMost()
    {
        foreach (var host in new[] { 1, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7, 8, 9, 10, 11 })
        {
            Assert.NotNull(Enter($"203.0.113.{host}"));
        }

        Assert.Empty(_closed);
        Assert.NotNull(Enter("203.0.113.12"));
        Assert.Equal([4], _closed); // the first of the three
    }

    [Fact]
    public void Enter_EverythingTaken_AClientTakesAStrangersIdlePlaceFirst()
    {
        foreach (var host in Enumerable.Range(1, All - Reserve))
        {
            Assert.NotNull(Enter($"203.0.113.{host}"));
        }

        var clients = Enumerable.Range(1, Reserve).Select(host => Enter($"10.0.0.{host}")).ToArray();

        Assert.NotNull(Enter("10.0.0.77"));
        Assert.Equal([1], _closed);
        Assert.All(clients, Assert.NotNull);
    }

    [Fact]
    public void Dispose_OfAPlace_GivesItToTheNext()
    {
        var places = Enumerable.Range(0, OfOneStranger).Select(_ => Enter("203.0.113.1")).ToArray();
        places[0]!.Begin();
        places[0]!.Dispose();
        places[0]!.Dispose(); // as where it was closed for another, and ends then

        Assert.NotNull(Enter("203.0.113.1"));
        Assert.Empty(_closed);
        Assert.NotNull(Enter("203.0.113.1"));
        Assert.Equal([2], _closed);
    }

    [Fact]
    public void AwaitFirstByte_OfAStranger_ClosesItInTime()
    {
        var time = new VirtualTime();
        using var said = Enter("203.0.113.1")!.AwaitFirstByte(time);
        using var silent = Enter("203.0.113.1")!.AwaitFirstByte(time);
        Assert.Null(Enter(Apt.ToString())!.AwaitFirstByte(time)); // apt may connect ahead of its needs

        time.Advance(ConnectionPlace.SilentTime - TimeSpan.FromMilliseconds(1));
        Assert.Empty(_closed);
        said!.Dispose();
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([2], _closed);
    }

    private ConnectionPlace? Enter(string address)
    {
        var number = ++_number;
        return _gate.Enter(IPAddress.Parse(address), () => _closed.Add(number));
    }
}
