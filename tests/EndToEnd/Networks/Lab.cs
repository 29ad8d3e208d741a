using System.Net;
using AptP2P.Testing.Networks;

namespace AptP2P.EndToEnd.Networks;

/// <summary>
/// An Internet of a test's own: homes behind NAT routers, and servers, each in a /24 of its own as in the world. A router between them
/// answers at once for what is not there. Its addresses look public, and nothing leaves this machine.
/// </summary>
internal sealed class Lab : IAsyncDisposable
{
    /// <summary>Where the archive's mirror is.</summary>
    public const string Archive = "ftp.us.debian.org";

    /// <summary>What else a lab needs from the machine.</summary>
    public static readonly string[] Programs = ["nft", "miniupnpd"];

    public static readonly IPAddress ArchiveAddress = Address(80);
    public static readonly IPAddress MainlineAddress = Address(100);

    private static readonly string[] Names =
    [
        $"{ArchiveAddress} {Archive}",
        $"{MainlineAddress} dht.libtorrent.org dht.transmissionbt.com router.bt.ouinet.work",
    ];

    private readonly Stack<IAsyncDisposable> _made = new();
    private readonly NetworkNamespace _world;
    private readonly bool _ipv6;
    private int _homes;

    private Lab(NetworkNamespace world, bool ipv6) => (_world, _ipv6) = (world, ipv6);

    public static async Task<Lab> CreateAsync(bool ipv6 = false)
    {
        var world = await NetworkNamespace.CreateAsync(Names, ipv6);
        var lab = new Lab(world, ipv6);
        lab._made.Push(world);
        await world.ShellAsync("""
            ip link add br0 type bridge forward_delay 0
            ip link set br0 up
            sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.br0.send_redirects=0
            ip route add unreachable default
            """);
        return lab;
    }

    /// <summary>Adds a server with one address.</summary>
    public async Task<NetworkNamespace> AddServerAsync(IPAddress address)
    {
        var server = await NewHostAsync();
        await ConnectAsync(server, "eth0", address.GetAddressBytes()[2]);
        return server;
    }

    /// <summary>Has the world send what is for a network to a server.</summary>
    public Task RouteAsync(string network, IPAddress server) => _world.ShellAsync($"ip route add {network} via {server}");

    /// <summary>Adds a home: a NAT router, and hosts on a bridge behind it.</summary>
    public async Task<Home> AddHomeAsync(int hosts)
    {
        var number = (byte)(10 + ++_homes);
        var router = await NewHostAsync();
        await ConnectAsync(router, "wan", number);
        var home = new Home(router, Address(number), number, _ipv6);
        await home.BeginAsync();
        for (var i = 0; i < hosts; i++)
        {
            await home.AddHostAsync(await NewHostAsync());
        }

        return home;
    }

    public async ValueTask DisposeAsync()
    {
        while (_made.TryPop(out var made))
        {
            await made.DisposeAsync();
        }
    }

    /// <summary>The address of whoever has a network of the world.</summary>
    private static IPAddress Address(byte network) => new([1, 2, network, 2]);

    private async Task<NetworkNamespace> NewHostAsync()
    {
        var host = await NetworkNamespace.CreateAsync(Names, _ipv6);
        _made.Push(host);
        return host;
    }

    private Task<string> ConnectAsync(NetworkNamespace host, string device, byte network) => NetworkNamespace.RunAsync($"""
        ip -n {_world.Name} link add to{network} type veth peer name {device} netns {host.Name}
        ip -n {_world.Name} link set to{network} master br0 up
        ip -n {_world.Name} addr add 1.2.{network}.1/24 dev br0
        ip -n {host.Name} addr add {Address(network)}/24 dev {device}
        ip -n {host.Name} link set {device} up
        ip -n {host.Name} route add default via 1.2.{network}.1
        """);
}
