using System.Net;
using System.Net.Sockets;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Node;
using Microsoft.Extensions.Logging;

namespace AptP2P.Dht.Kademlia.Transport;

/// <summary>The configured bootstrap nodes. Their names are resolved again from time to time, since their addresses change.</summary>
internal sealed partial class BootstrapList(KademliaOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Those that are addresses and need not be resolved: they are there from the first moment.</summary>
    public static IEnumerable<UdpEndpoint> Literals(IEnumerable<string> entries)
    {
        foreach (var entry in entries)
        {
            if (IPEndPoint.TryParse(entry.Trim(), out var endPoint) && endPoint.Port != 0)
            {
                yield return UdpEndpoint.From(endPoint);
            }
        }
    }

    public async Task WatchAsync(KademliaNode node, CancellationToken cancellationToken)
    {
        var names = options.Bootstrap.Select(static entry => entry.Trim()).Where(static entry => !Literals([entry]).Any()).ToArray();
        var pause = options.RejoinMin;
        try
        {
            while (names.Length > 0)
            {
                var found = new List<UdpEndpoint>();
                foreach (var name in names)
                {
                    found.AddRange(await ResolveAsync(name, cancellationToken));
                }

                node.Enter(found);
                pause = found.Count > 0 ? options.ResolveInterval : pause * 2 < options.RejoinMax ? pause * 2 : options.RejoinMax;
                await Task.Delay(pause, time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // stopping
        }
    }

    private async Task<IEnumerable<UdpEndpoint>> ResolveAsync(string entry, CancellationToken cancellationToken)
    {
        var colon = entry.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(entry.AsSpan(colon + 1), out var port) || port == 0)
        {
            LogNotAnEndpoint(entry);
            return [];
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(entry[..colon], cancellationToken);
            return addresses.Select(address => UdpEndpoint.From(address, port));
        }
        catch (SocketException exception)
        {
            LogNotResolved(entry, exception.Message);
            return [];
        }
    }

    [LoggerMessage(2010, LogLevel.Warning, "Bootstrap node '{Entry}' is not host:port")]
    private partial void LogNotAnEndpoint(string entry);

    [LoggerMessage(2011, LogLevel.Warning, "Bootstrap node {Entry} cannot be resolved: {Reason}. It is tried again later")]
    private partial void LogNotResolved(string entry, string reason);
}
