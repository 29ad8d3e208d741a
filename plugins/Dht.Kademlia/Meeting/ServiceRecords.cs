using System.Net;
using System.Net.Sockets;
using AptP2P.Dht.Kademlia.Configuration;
using DnsClient;
using DnsClient.Protocol;

namespace AptP2P.Dht.Kademlia.Meeting;

/// <summary>
/// What the machine's search domains say of our network: SRV records (RFC 2782) <c>_apt-p2p._udp</c>. So an administrator names the nodes
/// of a site once, for all its machines.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="read">Says whom to ask, and for which domains, as it is now.</param>
/// <param name="port">The name servers' port.</param>
internal sealed class ServiceRecords(KademliaOptions options, Func<ResolverFile> read, int port = 53)
{
    private const string Service = "_apt-p2p._udp.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2); // for each server

    /// <summary>The nodes that the domains name, as <c>host:port</c>, by priority. None is the usual case, and no failure.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellationToken)
    {
        var (servers, domains) = read();
        if (servers.Count == 0 || domains.Count == 0)
        {
            return [];
        }

        var client = new LookupClient(new LookupClientOptions([.. servers.Select(server => new IPEndPoint(server, port))])
        {
            ContinueOnDnsError = true,
            Retries = 1,
            ThrowDnsErrors = false,
            Timeout = Patience,
            UseCache = false,
        });
        var found = new List<string>();
        foreach (var domain in domains)
        {
            found.AddRange(await AskAsync(client, domain, cancellationToken));
        }

        return found;
    }

    private async Task<IEnumerable<string>> AskAsync(LookupClient client, string domain, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await client.QueryAsync(Service + domain, QueryType.SRV, cancellationToken: cancellationToken);
            return answer.Answers.OfType<SrvRecord>()
                .Where(static record => record.Target.Value != "." && record.Port != 0) // RFC 2782: no such service here
                .OrderBy(static record => record.Priority)
                .Take(options.MaxAddressesPerName)
                .Select(static record => $"{record.Target.Value.TrimEnd('.')}:{record.Port}");
        }
        catch (Exception exception) when (exception is DnsResponseException or SocketException or InvalidOperationException)
        {
            return []; // the next way in comes
        }
    }
}
