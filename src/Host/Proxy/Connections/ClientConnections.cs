using System.Net;
using AptP2P.Host.Proxy.Runs;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Proxy.Connections;

/// <summary>What every connection goes through before it is HTTP.</summary>
internal sealed class ClientConnections(
    ConnectionGate gate, ContentOpener opener, Tunnels tunnels, IOptions<ProxyOptions> options, AptRuns runs,
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
        await using var coming = new ComingRequests(
            (target, host, token) => opener.OpenAheadAsync(target, host, client, token), options.Value.ReadAhead);
        await new ClientConnection(connection, place, coming, tunnels, time, lifetime.ApplicationStopping).ServeAsync(http);
    }
}
