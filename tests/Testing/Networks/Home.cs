using System.Net;

namespace AptP2P.Testing.Networks;

/// <summary>
/// A home: a router that masquerades and lets nothing in unasked, and hosts on a bridge behind it. The test connects the router's interface
/// <c>wan</c> with its world.
/// </summary>
/// <param name="router">What becomes the router.</param>
/// <param name="outside">Its address in the world.</param>
/// <param name="number">Tells the home's addresses from other homes'.</param>
/// <param name="ipv6">Whether it has IPv6.</param>
public sealed class Home(NetworkNamespace router, IPAddress outside, byte number, bool ipv6)
{
    private readonly List<NetworkNamespace> _hosts = [];

    public NetworkNamespace Router => router;

    /// <summary>The router's address in the world.</summary>
    public IPAddress Outside => outside;

    /// <summary>The router's address in the home.</summary>
    public IPAddress Gateway { get; } = new([192, 168, number, 1]);

    public IReadOnlyList<NetworkNamespace> Hosts => _hosts;

    /// <summary>A host's address in the home.</summary>
    public IPAddress AddressOf(int host) => new([192, 168, number, (byte)(101 + host)]);

    /// <summary>Its IPv6 address, where there is IPv6.</summary>
    public IPAddress AddressV6Of(int host) => IPAddress.Parse($"{Prefix}::{101 + host}");

    /// <summary>The bridge, and the rules of the router; miniupnpd writes into the three chains named after it.</summary>
    public Task BeginAsync() => router.ShellAsync($$"""
        ip link add br-lan type bridge forward_delay 0
        ip link set br-lan up
        ip addr add {{Gateway}}/24 dev br-lan
        sysctl -qw net.ipv4.ip_forward=1
        if [ {{(ipv6 ? 1 : 0)}} = 1 ]; then
          sysctl -qw net.ipv6.conf.all.forwarding=1
          ip addr add fe80::1/64 dev br-lan
          ip addr add {{Prefix}}::1/64 dev br-lan
        fi
        nft -f - <<END
        table inet filter {
          chain miniupnpd { }
          chain prerouting_miniupnpd { }
          chain postrouting_miniupnpd { }
          chain input {
            type filter hook input priority filter; policy drop;
            iifname { "lo", "br-lan" } accept
            ct state established,related accept
            meta l4proto ipv6-icmp accept
          }
          chain forward {
            type filter hook forward priority filter; policy drop;
            iifname "br-lan" accept
            ct state established,related accept
            meta l4proto ipv6-icmp accept
            jump miniupnpd
          }
          chain prerouting {
            type nat hook prerouting priority dstnat; policy accept;
            jump prerouting_miniupnpd
          }
          chain postrouting {
            type nat hook postrouting priority srcnat; policy accept;
            jump postrouting_miniupnpd
            oifname "wan" ip saddr 192.168.{{number}}.0/24 masquerade
          }
        }
        END
        """);

    /// <summary>Makes its line to the world as slow as lines are, and counts what comes over it.</summary>
    public Task<string> LimitLineAsync(int megabytesPerSecond) => router.ShellAsync($$"""
        nft -f - <<END
        table inet line {
          counter came { }
          chain forward {
            type filter hook forward priority filter - 1; policy accept;
            iifname "wan" limit rate over {{megabytesPerSecond}} mbytes/second burst 256 kbytes drop
            iifname "wan" counter name came
          }
        }
        END
        """);

    /// <summary>Bytes that came over its line so far, with TCP's and IP's headers.</summary>
    public async Task<long> LineBytesAsync()
    {
        var words = (await router.ShellAsync("nft list counter inet line came")).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(words[Array.IndexOf(words, "bytes") + 1], null);
    }

    public async Task AddHostAsync(NetworkNamespace host)
    {
        var index = _hosts.Count;
        _hosts.Add(host);
        await NetworkNamespace.RunAsync($"""
            ip -n {router.Name} link add to{index} type veth peer name eth0 netns {host.Name}
            ip -n {router.Name} link set to{index} master br-lan up
            ip -n {host.Name} addr add {AddressOf(index)}/24 dev eth0
            ip -n {host.Name} link set eth0 up
            ip -n {host.Name} route add default via {Gateway}
            """);
        if (ipv6)
        {
            await host.ShellAsync($"ip addr add {AddressV6Of(index)}/64 dev eth0; ip route add default via fe80::1 dev eth0");
        }
    }

    private string Prefix => $"2a01:{number:x}:1:1";
}
