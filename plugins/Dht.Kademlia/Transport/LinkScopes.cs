using System.Collections.Concurrent;
using System.Net;
using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Transport;

/// <summary>
/// On which interface a link-local IPv6 address was met. The address alone does not say it
/// (<see href="https://www.rfc-editor.org/rfc/rfc4007#section-6">RFC 4007, section 6</see>), and messages carry nothing else; but without
/// the interface nothing can be sent there.
/// </summary>
internal sealed class LinkScopes
{
    private const int MaxEntries = 256; // more neighbours than a link has; strangers on it must not fill our memory

    private readonly ConcurrentDictionary<UdpEndpoint, uint> _scopes = new(); // by address, without a port
    private uint _latest;

    public int Count => _scopes.Count;

    public static bool IsLinkLocal(UdpEndpoint endpoint) => endpoint.IsV6 && endpoint.Scope() == AddressScope.LinkLocal;

    public void Learn(UdpEndpoint endpoint, uint scope)
    {
        if (scope == 0 || !IsLinkLocal(endpoint))
        {
            return;
        }

        if (_scopes.Count >= MaxEntries)
        {
            _scopes.Clear(); // each is learned again with its next datagram
        }

        _scopes[endpoint.Address] = scope;
        _latest = scope;
    }

    public void Learn(IPEndPoint endPoint)
    {
        if (endPoint.Address.IsIPv6LinkLocal)
        {
            Learn(UdpEndpoint.From(endPoint), (uint)endPoint.Address.ScopeId);
        }
    }

    /// <summary>
    /// The interface of a link-local address; if it was not met, that of the last one met, since most machines have one link. 0 for other
    /// addresses.
    /// </summary>
    public uint Of(UdpEndpoint endpoint) => IsLinkLocal(endpoint) ? _scopes.GetValueOrDefault(endpoint.Address, _latest) : 0;

    /// <summary>The endpoint with its interface, so that one can connect to it.</summary>
    public IPEndPoint ToIPEndPoint(UdpEndpoint endpoint)
    {
        var plain = endpoint.ToIPEndPoint();
        if (Of(endpoint) is > 0 and var scope)
        {
            plain.Address.ScopeId = scope;
        }

        return plain;
    }
}
