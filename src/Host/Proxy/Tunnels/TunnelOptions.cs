using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Proxy.Tunnels;

/// <summary>What section <c>[Proxy]</c> says of tunnels.</summary>
internal sealed class TunnelOptions
{
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
}
