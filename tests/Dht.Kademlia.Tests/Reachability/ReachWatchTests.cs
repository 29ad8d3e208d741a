using System.Net;
using System.Net.Sockets;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Reachability;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Reachability;

/// <summary>When others are asked whether they reach this node, and what is made of their answers; in virtual time.</summary>
public sealed class ReachWatchTests : IDisposable
{
    private static readonly PortMapping Mapped = new(
        AddressFamily.InterNetwork, IPEndPoint.Parse("1.2.3.4:9977"), IPEndPoint.Parse("1.2.3.4:9978"), null);

    private static readonly PortMapping Refused = new(
        AddressFamily.InterNetwork, null, null, "the router at 192.168.1.1 refused (NAT-PMP: not authorized)");

    private readonly VirtualTime _time = new();
    private readonly LogLines<ReachWatch> _log = new();
    private readonly ListedAddresses _addresses = new("192.168.1.20");
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(UdpEndpoint Node, ushort Tcp, ushort Udp)> _asked = [];
    private readonly KademliaOptions _options = new();
    private List<UdpEndpoint> _nodes = [];
    private Func<UdpEndpoint, ReachAnswer?> _answer = static _ => new ReachAnswer(true, true);

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    [Fact]
    public void Start_NobodyIsKnown_NobodyIsAskedAndNothingIsSaid()
    {
        var watch = Start();
        _time.Advance(TimeSpan.FromHours(3));

        Assert.Equal((null, "unknown"), (watch.State.Tcp, watch.State.Word));
        Assert.Empty(_log.All);
    }

    [Fact]
    public void Start_ReachedBeforeARestart_MayBeAskedUntilOthersSayNoOrTheNetworkChanges()
    {
        var watch = Start(wasReached: true);
        Assert.Equal((true, "probably"), (watch.State.MayBeAsked, watch.State.Word));

        watch.NetworkChanged();
        Assert.False(watch.State.MayBeAsked);

        Know(3);
        _answer = static _ => new ReachAnswer(false, false);
        var other = Start(wasReached: true);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.False(other.State.MayBeAsked);
    }

    [Fact]
    public void Start_TwoSayYes_ItIsReachedAndTheThirdIsNotAsked()
    {
        Know(3);
        var watch = Start();
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal((true, true, true), (watch.State.Tcp, watch.State.Udp, watch.State.MayBeAsked));
        Assert.Equal(2, _asked.Count);
        Assert.Equal("Others reach this node over IPv4: TCP 9977, UDP 9977", Assert.Single(_log.Texts));
    }

    [Fact]
    public void Start_OneIsKnownAtAll_ItsYesIsEnoughAndItsNoCountsTheSecondTime()
    {
        Know(1);
        _answer = static _ => new ReachAnswer(false, false);
        var watch = Start();
        watch.Mapped(Refused);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Null(watch.State.Tcp);

        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal((false, "no"), (watch.State.Tcp, watch.State.Word));
        Assert.Equal(
            "the router at 192.168.1.1 refused (NAT-PMP: not authorized); forward port 9977, TCP and UDP, to 192.168.1.20", watch.Hint);

        _answer = static _ => new ReachAnswer(true, true);
        _time.Advance(_options.ReachInterval * 1.3);
        Assert.True(watch.State.Tcp);
        Assert.Equal([2041, 2040], _log.All.Select(static line => line.Id));
    }

    [Fact]
    public void Start_ASecondComesAfterTheFirstSaidNo_IsAskedAtOnce()
    {
        Know(1);
        _answer = static _ => new ReachAnswer(false, false);
        var watch = Start();
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Null(watch.State.Tcp);

        Know(2);
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.False(watch.State.Tcp);
    }

    [Fact]
    public void Mapped_BothPorts_ArePresumedAndAskedFor()
    {
        var watch = Start();
        watch.Mapped(Mapped);
        Assert.Equal((true, "probably", false), (watch.State.MayBeAsked, watch.State.Word, watch.State.IsConfirmed));

        Know(2);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.All(_asked, static asked => Assert.Equal((9977, 9978), (asked.Tcp, asked.Udp)));
        Assert.True(watch.State.IsConfirmed);
    }

    [Theory]
    [InlineData("192.168.1.1:9977")] // the router has another router in front of it
    [InlineData("100.64.3.4:9977")] // so has the provider
    public void Mapped_ToAnAddressThatIsNotPublic_IsNotPresumed(string outer)
    {
        var watch = Start();
        watch.Mapped(Mapped with { Tcp = IPEndPoint.Parse(outer), Udp = IPEndPoint.Parse(outer) });

        Assert.False(watch.State.MayBeAsked);
    }

    [Fact]
    public void Start_APublicAddressOfItsOwn_IsPresumedUntilOthersSayNo()
    {
        _addresses.Change("1.2.3.4");
        var watch = Start();
        Assert.True(watch.State.MayBeAsked);

        Know(4);
        _answer = static _ => new ReachAnswer(false, false);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.False(watch.State.MayBeAsked);
    }

    [Fact]
    public void Start_TcpIsReachedAndUdpIsNot_TheNodeIsNotAsked()
    {
        Know(2);
        _answer = static _ => new ReachAnswer(true, false);
        var watch = Start();
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal((true, false, "TCP only"), (watch.State.IsConfirmed, watch.State.MayBeAsked, watch.State.Word));
    }

    [Fact]
    public void Start_NobodyTriesUdp_NoThirdIsAskedForItsSake()
    {
        Know(6);
        _answer = static _ => new ReachAnswer(true, null);
        var watch = Start();
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal((true, null), (watch.State.Tcp, watch.State.Udp));
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public void Start_TheyAgreeOnTcpAndNotOnUdp_AThirdIsAsked()
    {
        Know(6);
        _answer = node => new ReachAnswer(true, node == _nodes[1]);
        var watch = Start();
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal((true, false), (watch.State.Tcp, watch.State.Udp));
        Assert.Equal(3, _asked.Count);
    }

    [Fact]
    public void Start_OthersAreSilent_TheyAreAskedAtGrowingPauses()
    {
        Know(6);
        _answer = static _ => null;
        var watch = Start();
        _time.Advance(TimeSpan.FromHours(1));
        var first = _asked.Count;
        _time.Advance(TimeSpan.FromHours(10));

        Assert.Null(watch.State.Tcp);
        Assert.InRange(first, ReachWatch.MaxAsked * 3, _options.MaxReachQuestionsPerHour);
        Assert.InRange(_asked.Count - first, ReachWatch.MaxAsked * 7, ReachWatch.MaxAsked * 14);
    }

    [Fact]
    public void Day_ReachedAndQuiet_IsAskedHourlyAndSaidOnce()
    {
        Know(2);
        Start();
        _time.Advance(TimeSpan.FromHours(24));

        Assert.InRange(_asked.Count, 2 * 18, 2 * 32);
        Assert.Single(_log.All);
    }

    [Fact]
    public void NetworkChanged_AnotherAnswer_IsSaidOnce()
    {
        Know(2);
        var watch = Start();
        _time.Advance(TimeSpan.FromMinutes(1));

        _answer = static _ => new ReachAnswer(false, false);
        watch.NetworkChanged();
        Assert.Null(watch.State.Tcp);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.False(watch.State.Tcp);
        watch.NetworkChanged();
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal([2040, 2041], _log.All.Select(static line => line.Id));
    }

    [Fact]
    public void NetworkChanged_OftenInAnHour_AsksABoundedNumber()
    {
        Know(6);
        var watch = Start();
        for (var minute = 0; minute < 60; minute++)
        {
            watch.NetworkChanged();
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(_options.MaxReachQuestionsPerHour, _asked.Count);
    }

    private void Know(int nodes) => _nodes = [.. Enumerable.Range(1, nodes).Select(static n => Subject.At($"{n + 20}.1.1.1:9977"))];

    private ReachWatch Start(bool wasReached = false)
    {
        SynchronizationContext.SetSynchronizationContext(null); // the clock's thread goes on with what waits for the clock
        var hands = new ReachHands(
            _ => _nodes,
            (node, tcp, udp, _) =>
            {
                _asked.Add((node, tcp, udp));
                return Task.FromResult(_answer(node));
            },
            static _ => IPAddress.Parse("192.168.1.20"),
            static _ => { })
        {
            WasReached = _ => wasReached,
        };
        var watch = new ReachWatch(AddressFamily.InterNetwork, 9977, _options, hands, _addresses, _time, new Random(3), _log);
        _ = watch.RunAsync(_stop.Token);
        return watch;
    }
}
