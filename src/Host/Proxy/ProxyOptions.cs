using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;

namespace AptP2P.Host.Proxy;

/// <summary>Section <c>[Proxy]</c>.</summary>
internal sealed class ProxyOptions
{
    [Description(
        "Networks whose machines may use the proxy, such as 192.168.1.0/24. Everybody else may only fetch what is shared, as a peer.")]
    public IPNetwork[] Allow { get; set; } = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];

    [Description("Further names that this daemon is reached by, such as apt.example.org. Others are refused, against DNS rebinding.")]
    public string[] Names { get; set; } = [];

    [Description(
        "Archives, by host name, whose own address the clients' DNS gives as this daemon's: a request with such a name and a plain path "
        + "is served for that archive, without a change of apt's sources. The daemon itself must resolve it to the archive, and listen "
        + "on port 80, or have that sent to it.")]
    public string[] Transparent { get; set; } = [];

    [Description(
        "How many requests that wait behind the present one on a connection are begun at once: apt sends up to 10 before it has the "
        + "first answer. 0 for none.")]
    [Range(0, 100)]
    public int ReadAhead { get; set; } = 10;

    [Description(
        "Ports that apt may be connected to by CONNECT, for https archives through this proxy. With others the daemon would be a way "
        + "around firewalls.")]
    public int[] ConnectPorts { get; set; } = [443];

    [Description("How many such tunnels may be open at a time: each takes two sockets and 64 KiB.")]
    [Range(0, 10_000)]
    public int Tunnels { get; set; } = 100;

    [Description(
        "How long nothing may pass through a tunnel before it is ended. apt gives up after 30 s without an answer, and reconnects.")]
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan TunnelIdle { get; set; } = TimeSpan.FromMinutes(2);

    [Description(
        "How long a request waits for a Release or an index that has just come from its archive to be read, if that may name what is "
        + "asked for: known, it can be shared. The mirror is not asked meanwhile.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:25")]
    public TimeSpan IndexWait { get; set; } = TimeSpan.FromSeconds(2);

    [Description("How long an origin may send nothing during a passed-through answer. apt itself waits 30 s.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ActivityTimeout { get; set; } = TimeSpan.FromSeconds(28);
}
