using System.Net;
using System.Net.Sockets;
using AptP2P.Host.Configuration;
using AptP2P.Host.Origins;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Proxy;

/// <summary>Who may use the proxy, by what name, and how far it takes them.</summary>
internal sealed class ClientRules(IOptions<ProxyOptions> options, IOptions<NodeOptions> node)
{
    private readonly HashSet<string> _names = new(options.Value.Names, StringComparer.OrdinalIgnoreCase) { "localhost", Dns.GetHostName() };

    public static OriginReach ReachOf(IPAddress client) => IPAddress.IsLoopback(Plain(client)) ? OriginReach.Local : OriginReach.Public;

    /// <summary>What to tell a client that may not use the proxy; nothing when it may.</summary>
    public string? FindRefusal(IPAddress client) =>
        AddressRules.Contains(options.Value.Allow, client)
            ? null
            : $"{Plain(client)} may not use this proxy. If it should, list its network in the daemon's configuration: [Proxy] Allow=127.0.0.0/8,::1/128,{Plain(client)}";

    /// <summary>Whether a name is this daemon's. A web page that had its own name resolve to us (DNS rebinding) shows by its name.</summary>
    public bool IsOwnName(string host) => IPAddress.TryParse(host.Trim('[', ']'), out _) || _names.Contains(host);

    /// <summary>Whether an address in proxy form is this daemon itself.</summary>
    public bool IsThisNode(string host, int port) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var address) ? node.Value.IsAt(address, port) : port == node.Value.Port && _names.Contains(host);

    private static IPAddress Plain(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
