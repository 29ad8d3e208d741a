using System.ComponentModel;
using System.Net;

namespace AptP2P.Host.Proxy.Requests;

/// <summary>What section <c>[Proxy]</c> says of clients.</summary>
internal sealed class ClientOptions
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
}
