using System.Net;
using AptP2P.Source.Peers.Addresses;
using AptP2P.Source.Peers.Configuration;
using AptP2P.Source.Peers.Reputation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AptP2P.Source.Peers.Fetching;

/// <summary>
/// Takes note of the neighbours that other plugins find, and of the machine's coming to another network: who could not be reached there may
/// be reached here, and no connection leads anywhere.
/// </summary>
internal sealed partial class NeighbourWatch(
    IEnumerable<INeighbours> all, NearPeers near, PeerReputation reputation, PeerClient client, PeersNetworks networks, OwnAddresses own,
    IMachineAddresses machine, IOptions<PeersOptions> options, ILogger<NeighbourWatch> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        networks.IsNobody || !options.Value.Fetch
            ? Task.CompletedTask
            : Task.WhenAll(all.Select(neighbours => WatchAsync(neighbours, stoppingToken)).Append(WatchNetworkAsync(stoppingToken)));

    private async Task WatchAsync(INeighbours neighbours, CancellationToken cancellationToken)
    {
        List<Task> greetings = [];
        try
        {
            await foreach (var found in neighbours.WatchAsync(cancellationToken))
            {
                var peer = PeerAddress.Plain(found);
                if (MayBeAsked(peer))
                {
                    var isNew = !near.Contains(peer);
                    near.Seen(peer);
                    greetings.RemoveAll(static greeting => greeting.IsCompleted);
                    if (isNew && greetings.Count < options.Value.Neighbours)
                    {
                        greetings.Add(GreetAsync(peer, cancellationToken));
                    }
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The daemon stops.
        }
        catch (Exception e) // any: it is another plugin's, and the others go on
        {
            LogNeighboursFailed(neighbours.GetType().Name, e);
        }

        await Task.WhenAll(greetings);
    }

    /// <summary>
    /// Asks for nothing, so that the connection stands and both ends have done it once: the first question that counts is not waited for
    /// long.
    /// </summary>
    private async Task GreetAsync(IPEndPoint peer, CancellationToken cancellationToken)
    {
        try
        {
            await client.HaveAsync(peer, [], cancellationToken); // one that has just started may not listen yet, and is none the worse
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The daemon stops.
        }
    }

    private async Task WatchNetworkAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var seen = machine.Changes; ;)
            {
                seen = await machine.WaitForChangeAsync(seen, cancellationToken);
                reputation.ForgetAbsences();
                client.LeaveConnections();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The daemon stops.
        }
    }

    private bool MayBeAsked(IPEndPoint peer) =>
        peer.Port >= options.Value.LowestPort
        && PeerAddress.CanBePeer(peer.Address)
        && networks.Include(peer.Address)
        && !own.IsSelf(peer);

    [LoggerMessage(4021, LogLevel.Warning, "{Neighbours} finds no more neighbours: it has failed")]
    private partial void LogNeighboursFailed(string neighbours, Exception exception);
}
