using System.Net;
using AptP2P.Host.Origins.Connecting;
using AptP2P.Host.Proxy.Contents;
using AptP2P.Host.Proxy.Indexes;
using AptP2P.Host.Proxy.Requests;

namespace AptP2P.Host.Proxy.ReadAhead;

/// <summary>Opens what a request asks for before the request has its turn, by the rules that hold in its turn.</summary>
internal sealed partial class AheadOpener(
    ClientRules rules, OriginConnector connector, Identification identification, ContentOpener opener, ILogger<AheadOpener> logger)
{
    /// <summary>Opens what a GET without a password will ask for. Nothing where the turn must decide.</summary>
    public async Task<OpenedContent?> OpenAsync(string rawTarget, string host, IPAddress client, CancellationToken cancellationToken)
    {
        try
        {
            if (rules.Read(rawTarget, new HostString(host)) is not RequestTarget.Upstream target)
            {
                return null;
            }

            var origin = target.ToOrigin(ClientRules.ReachOf(client));
            return rules.FindRefusal(client) is null
                && await connector.FindRefusalAsync(origin.Host, origin.Reach, cancellationToken) is null
                && identification.IdentifyAhead(origin) is { } content
                ? await opener.OpenAsync(content, mayFetch: true, cancellationToken)
                : null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogNotOpened(e); // a fault here must not cost the request
            return null;
        }
    }

    [LoggerMessage(1101, LogLevel.Warning, "A request could not be begun ahead of its turn")]
    private partial void LogNotOpened(Exception exception);
}
