using System.Net;
using System.Net.Sockets;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using Microsoft.Extensions.Logging;

namespace AptP2P.Dht.Kademlia.Meeting;

/// <summary>
/// Where nodes are that somebody has named as <c>host:port</c>: all addresses of the name. What fails is said once, until it works again.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="resolve">Gives the addresses of a name.</param>
/// <param name="what">What the names are, for the log.</param>
/// <param name="logger">The log.</param>
internal sealed partial class NodeNames(
    KademliaOptions options, Func<string, CancellationToken, Task<IPAddress[]>> resolve, string what, ILogger logger)
{
    private readonly HashSet<string> _failing = [];

    /// <summary>Asks the system.</summary>
    public static NodeNames OfSystem(KademliaOptions options, string what, ILogger logger) =>
        new(options, static (name, cancellation) => Dns.GetHostAddressesAsync(name, cancellation), what, logger);

    /// <summary>Those that are addresses and need not be resolved.</summary>
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

    public async Task<IReadOnlyList<UdpEndpoint>> ResolveAsync(IEnumerable<string> entries, CancellationToken cancellationToken)
    {
        var found = new List<UdpEndpoint>();
        var failed = new List<string>();
        var reason = "";
        foreach (var entry in entries.Select(static entry => entry.Trim()))
        {
            try
            {
                found.AddRange(await ResolveAsync(entry, cancellationToken));
                _failing.Remove(entry);
            }
            catch (Exception exception) when (exception is SocketException or ArgumentException or FormatException)
            {
                reason = exception.Message;
                failed.AddRange(_failing.Add(entry) ? [entry] : []);
            }
        }

        if (failed.Count > 0)
        {
            LogNotResolved(what, string.Join(", ", failed), reason);
        }

        return found;
    }

    private async Task<IEnumerable<UdpEndpoint>> ResolveAsync(string entry, CancellationToken cancellationToken)
    {
        if (Literals([entry]).ToList() is [var literal])
        {
            return [literal];
        }

        var colon = entry.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(entry.AsSpan(colon + 1), out var port) || port == 0)
        {
            throw new FormatException("it is not host:port");
        }

        var addresses = await resolve(entry[..colon], cancellationToken);
        return addresses.Take(options.MaxAddressesPerName).Select(address => UdpEndpoint.From(address, port));
    }

    [LoggerMessage(2010, LogLevel.Warning, "{What} cannot be resolved: {Entries} ({Reason}). They are tried again, without another word")]
    private partial void LogNotResolved(string what, string entries, string reason);
}
