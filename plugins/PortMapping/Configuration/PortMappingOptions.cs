using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;

namespace AptP2P.Ports.Configuration;

/// <summary>How routers are asked to pass the node's port.</summary>
public sealed class PortMappingOptions
{
    [Description(
        "The routers to ask. Empty: those of this machine's default routes, for as long as it listens on more than a loopback address.")]
    public IPAddress[] Gateways { get; set; } = [];

    [Description("The port outside that is asked for, TCP and UDP; 0 is the node's own. If it is taken, the router gives another.")]
    [Range(0, 65535)]
    public int ExternalPort { get; set; }

    [Description("For how long a mapping is asked for. It is renewed at half of it, and ends by itself when this machine is gone.")]
    [Range(typeof(TimeSpan), "00:02:00", "1.00:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromHours(1);

    [Description("How long a router may take to answer a question. Nobody waits for it.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);

    [Description("How often a router is asked whether a mapping still stands: not every router tells that it has restarted.")]
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromMinutes(5);

    [Description("How long a router that gave none is left alone at most; the first time, a minute. A change of network ends it.")]
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromMinutes(30);
}
