using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Meeting;
using AptP2P.Dht.Kademlia.Tests.Simulation;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Meeting;

/// <summary>Nodes that know nobody find each other in a simulated Mainline, and do not burden it.</summary>
public sealed class MeetingPointTests : IDisposable
{
    private static readonly NodeId Key = MeetingKey.Of(NetworkSecret.None);

    private readonly SimulatedNetwork _network = new(seed: 31);
    private readonly List<SimulatedNode> _mainline;
    private readonly List<MeetingHost> _hosts = [];
    private int _next = 5000;

    public MeetingPointTests() => _mainline = _network.Grow(60, new KademliaOptions { Open = true, RateCells = 64 });

    public void Dispose() => _hosts.ForEach(static host => host.Dispose());

    [Fact]
    public void Start_ThreeWithinAMinute_KnowEachOtherAMinuteLater()
    {
        var hosts = new[] { Start(), Start() };
        _network.Time.Advance(TimeSpan.FromSeconds(37));
        hosts = [.. hosts, Start()];

        _network.Time.Advance(TimeSpan.FromSeconds(60));

        Assert.All(hosts, static host => Assert.Equal(2, host.Known));
    }

    [Fact]
    public void Start_IPv6Only_FindEachOtherAsWell()
    {
        var mainline = new KademliaOptions { Open = true, RateCells = 64 };
        var nodes = Enumerable.Range(0, 20).Select(i => new SimulatedNode(_network, AddressV6(i), mainline)).ToList();
        nodes.ForEach(node => node.Node.Start([nodes[0].Endpoint]));
        _network.Time.Advance(TimeSpan.FromMinutes(5));
        var options = new KademliaOptions { Routers = [$"{nodes[1].Endpoint}"] };
        for (var i = 100; i < 103; i++)
        {
            _hosts.Add(MeetingHost.Start(_network, AddressV6(i), options));
        }

        _network.Time.Advance(TimeSpan.FromSeconds(60));

        Assert.All(_hosts, static host => Assert.Equal(2, host.Known));
    }

    [Fact]
    public void Start_OneThatCannotBeReached_FindsOthersAndIsNotAnnounced()
    {
        var (a, hidden) = (Start(), Start(reachable: false));

        _network.Time.Advance(TimeSpan.FromHours(2));

        Assert.Equal(1, hidden.Known);
        Assert.Equal(0, hidden.Point.Announcements);
        Assert.True(a.Point.Announcements > 0);
        Assert.Equal([a.Own.Endpoint], Announced());
    }

    [Fact]
    public void Hour_OfANodeThatIsAlone_CostsLessThan300Datagrams()
    {
        var host = Start();
        var hours = new List<(long Datagrams, long Bytes)>();
        for (var hour = 0; hour < 4; hour++)
        {
            var (datagrams, bytes) = (host.Datagrams, host.Bytes);
            _network.Time.Advance(TimeSpan.FromHours(1));
            hours.Add((host.Datagrams - datagrams, host.Bytes - bytes));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", hours));
        Assert.All(hours, static hour => Assert.InRange(hour.Datagrams, 1, 299));
    }

    [Fact]
    public void Hour_OfANetworkOfFive_CostsLessThan300DatagramsEach()
    {
        var hosts = Enumerable.Range(0, 5).Select(_ => Start()).ToList();
        _network.Time.Advance(TimeSpan.FromHours(1));
        var before = hosts.ConvertAll(static host => host.Datagrams);

        _network.Time.Advance(TimeSpan.FromHours(1));

        var hour = hosts.Select((host, i) => host.Datagrams - before[i]).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine($"first {string.Join(", ", before)}; second {string.Join(", ", hour)}");
        Assert.All(hosts, static host => Assert.Equal(4, host.Known));
        Assert.All(before.Concat(hour), static datagrams => Assert.InRange(datagrams, 1, 299));
    }

    [Fact]
    public void Start_EnoughNodesKnown_LooksNotAndAnnouncesByChance()
    {
        var options = new KademliaOptions { MeetingAnnouncers = 8, EnoughNodes = 10, RateCells = 64 };
        var own = Enumerable.Range(0, 60).Select(_ => Start(options: options)).ToList();
        foreach (var host in own[1..])
        {
            host.Own.Node.Enter([own[0].Own.Endpoint]);
        }

        _network.Time.Advance(TimeSpan.FromHours(1));
        var (looks, announcements) = (own.Sum(static host => host.Point.Looks), own.Sum(static host => host.Point.Announcements));
        _network.Time.Advance(TimeSpan.FromHours(4));
        var inTurn = (own.Sum(static host => host.Point.Announcements) - announcements) / (240 / 26.5);

        Assert.InRange(inTurn, 4, 16); // eight of sixty at a time
        Assert.Equal(looks - announcements, own.Sum(static host => host.Point.Looks) - own.Sum(static host => host.Point.Announcements));
        Assert.InRange(Announced().Count, 4, 24); // those of the turn before have not expired everywhere
    }

    [Fact]
    public void Network_LeftAndBack_IsLookedForSoonAndNotWithoutEnd()
    {
        var (a, b) = (Start(), Start());
        _network.Time.Advance(TimeSpan.FromHours(3));
        Assert.Equal(1, a.Known);

        _network.CanPass = (from, to) => from.Endpoint.Address != a.Own.Endpoint.Address && to.Endpoint.Address != a.Own.Endpoint.Address;
        a.Network.NetworkChanged();
        a.Point.NetworkChanged();
        _network.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(0, a.Known);

        _network.CanPass = static (_, _) => true;
        a.Network.NetworkChanged();
        a.Own.Node.NetworkChanged();
        a.Point.NetworkChanged();
        _network.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((1, 1), (a.Known, b.Known));

        var looks = a.Point.Looks;
        for (var minute = 0; minute < 60; minute++)
        {
            a.Network.NetworkChanged();
            a.Point.NetworkChanged();
            _network.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(a.Point.Looks - looks, 0, new KademliaOptions().MaxMeetingsPerHour);
    }

    [Fact]
    public void SetEndpoints_GoneAndBack_IsAnnouncedAgainOnlyElsewhere()
    {
        var host = Start();
        _network.Time.Advance(TimeSpan.FromSeconds(10));
        host.Point.SetEndpoints(null, null);
        host.Point.NetworkChanged();
        _network.Time.Advance(TimeSpan.FromMinutes(1));
        host.Point.SetEndpoints(host.Own.Endpoint, null);
        _network.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, host.Point.Announcements);

        host.Point.SetEndpoints(host.Own.Endpoint.WithPort(4711), null);
        _network.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, host.Point.Announcements);
        Assert.Contains(host.Own.Endpoint.WithPort(4711), Announced());
    }

    [Fact]
    public void Look_NoNetworkAtAll_AsksNobodyUntilThereIsOne()
    {
        var host = Start();
        host.Addresses.Change("127.0.0.1", "fe80::1");
        _network.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((0, null), (host.Point.Looks, host.InMainline));

        host.Addresses.Change("127.0.0.1", "192.168.1.20");
        _network.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, host.Point.Looks);
    }

    [Fact]
    public void Look_APoisonedKey_CostsABoundedNumberOfPings()
    {
        var options = new KademliaOptions();
        var liars = PoisoningNode.Around(_network, Key, 8);
        foreach (var node in _mainline)
        {
            node.Node.Enter(liars.Select(static liar => liar.Endpoint));
        }

        _network.Time.Advance(TimeSpan.FromMinutes(20));
        var host = Start();
        _network.Time.Advance(TimeSpan.FromHours(1));

        Assert.True(liars.Sum(static liar => liar.Named) >= 10_000, $"{liars.Sum(static liar => liar.Named)}");
        Assert.InRange(host.Own.Node.Traffic.PacketsOut, 1, host.Point.Looks * options.MaxMeetingPeers);
    }

    [Fact]
    public void Start_SavedNodes_TheRoutersAreNotAsked()
    {
        var router = new SimulatedNode(_network, Next(), new KademliaOptions { Open = true, RateCells = 64 });
        var host = MeetingHost.Start(
            _network, Next(), new KademliaOptions { Routers = [router.Endpoint.ToString()] }, saved: [_mainline[7].Endpoint]);
        _hosts.Add(host);

        _network.Time.Advance(TimeSpan.FromHours(1));

        Assert.True(host.Point.Looks > 1);
        Assert.Equal(0, router.Node.Traffic.PacketsIn);
    }

    private MeetingHost Start(bool reachable = true, KademliaOptions? options = null)
    {
        options ??= new KademliaOptions();
        options.Routers = [.. _mainline.Take(3).Select(static node => node.Endpoint.ToString())];
        var host = MeetingHost.Start(_network, Next(), options, reachable);
        _hosts.Add(host);
        return host;
    }

    private static UdpEndpoint AddressV6(int index) =>
        UdpEndpoint.FromV6(0x2001_0470_0000_0000 + ((ulong)index << 32), 1, SimulatedNetworks.Port);

    private UdpEndpoint Next() => SimulatedNetworks.Address(_next += 300); // each in a /16 of its own

    private List<UdpEndpoint> Announced() =>
        [.. SimulatedSearch.Run(_network, _mainline[9], Key).Peers.Select(static found => found.Peer).Distinct()];
}
