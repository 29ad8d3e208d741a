using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;

namespace AptP2P.Host.Origins.Connecting;

/// <summary>What section <c>[Proxy]</c> says of the way to origins.</summary>
internal sealed class UpstreamOptions
{
    [Description("Private networks that may be upstream for clients from other machines; link-local ones for clients of this machine too.")]
    public IPNetwork[] AllowUpstream { get; set; } = [];

    [Description("How long connecting to an origin may take: finding its addresses, and trying them.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:25")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
