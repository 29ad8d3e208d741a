using System.Net;
using AptP2P.Host.Daemon;
using AptP2P.Host.Origins.Connecting;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Proxy.Requests;

/// <summary>Who may use the proxy, by what name, and how far it takes them.</summary>
internal sealed class ClientRules(IOptions<ClientOptions> options, IOptions<NodeOptions> node)
{
    private readonly HashSet<string> _names = new(options.Value.Names, StringComparer.OrdinalIgnoreCase) { "localhost", Dns.GetHostName() };
    private readonly HashSet<string> _transparent = new(options.Value.Transparent, StringComparer.OrdinalIgnoreCase);

    /// <summary>Where clients of this machine reach the daemon, for what they are told.</summary>
    public string Address { get; } =
        IsAny(node.Value.EndPoint.Address) ? $"http://localhost:{node.Value.Port}" : $"http://{node.Value.EndPoint}";

    public static OriginReach ReachOf(IPAddress client) => client.Scope() == AddressScope.Loopback ? OriginReach.Local : OriginReach.Public;

    /// <summary>What a request is for, by its target and its <c>Host</c>.</summary>
    public RequestTarget Read(string raw, HostString named)
    {
        if (_transparent.Count > 0 && raw.StartsWith('/') && _transparent.Contains(named.Host))
        {
            var port = named.Port is { } given && given != node.Value.Port ? given : Origin.DefaultPort("http");
            return RequestTarget.ParsePlain(raw, named.Host.ToLowerInvariant(), port);
        }

        var target = RequestTarget.Parse(raw, IsThisNode, Address);
        // who know addresses
        var isPeers = target is RequestTarget.Own own && own.Path.StartsWith("/.well-known/", StringComparison.Ordinal);
        var isForAnyName = isPeers || target is RequestTarget.Bad or RequestTarget.Upstream { IsProxyForm: true };
        return isForAnyName || IsOwnName(named.Host)
            ? target
            : new RequestTarget.Bad(
                $"'{named.Host}' is not a name of this daemon. If it should be, list it in the configuration: [Proxy] Names={named.Host}",
                StatusCodes.Status403Forbidden);
    }

    /// <summary>Whether a client may use the proxy.</summary>
    public bool MayUse(IPAddress client) => AddressRules.Contains(options.Value.Allow, client.Plain());

    /// <summary>What to tell a client that may not use the proxy; nothing when it may.</summary>
    public string? FindRefusal(IPAddress client) =>
        MayUse(client)
            ? null
            : $"{client.Plain()} may not use this proxy. "
                + $"If it should, list its network in the daemon's configuration: [Proxy] Allow=127.0.0.0/8,::1/128,{client.Plain()}";

    /// <summary>
    /// Whether a name is this daemon's. A web page whose own name resolves to this daemon (DNS rebinding) is recognised by that name. A
    /// request without a name is a simple client's, with HTTP/1.0.
    /// </summary>
    public bool IsOwnName(string host) => host.Length == 0 || IPAddress.TryParse(host.Trim('[', ']'), out _) || _names.Contains(host);

    /// <summary>Whether an address in proxy form is this daemon itself.</summary>
    public bool IsThisNode(string host, int port) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var address)
            ? node.Value.IsAt(address, port)
            : port == node.Value.Port && _names.Contains(host);

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
