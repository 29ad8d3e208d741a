using System.Net;
using AptP2P.Host.Proxy.Accounting;
using AptP2P.Host.Proxy.Connections;
using AptP2P.Host.Proxy.Doubts;
using AptP2P.Host.Proxy.ReadAhead;
using AptP2P.Host.Proxy.Tunnels;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Proxy;

/// <summary>The story of a connection, before it is HTTP: it gets a place, and what its requests share.</summary>
internal sealed class ProxyConnections(
    ConnectionGate gate, AheadOpener opener, TunnelServer tunnels, IOptions<ReadAheadOptions> options, AptRuns runs,
    IHostApplicationLifetime lifetime, TimeProvider time)
{
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate http)
    {
        var client = ((IPEndPoint)connection.RemoteEndPoint!).Address;
        using var place = gate.Enter(client, connection.Abort);
        if (place is null)
        {
            connection.Abort(new ConnectionAbortedException("there is no room"));
            return;
        }

        connection.Features.Set(place);
        using var visit = new Visit(runs, client);
        connection.Features.Set(visit);
        connection.Features.Set(new LookedReleases());
        await using var coming = new ComingRequests(
            (target, host, token) => opener.OpenAsync(target, host, client, token), options.Value.ReadAhead);
        await new ClientConnection(connection, place, coming, tunnels, time, lifetime.ApplicationStopping).ServeAsync(http);
    }
}
