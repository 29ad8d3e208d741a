using AptP2P.Host.Fetching;
using AptP2P.Host.Origins.Connecting;
using AptP2P.Host.Storage.Checking;

namespace AptP2P.Host.Proxy;

/// <summary>Opens what a request asks for: in its turn, or ahead of it by the same rules.</summary>
internal sealed partial class ContentOpener(
    ClientRules rules, OriginConnector connector, Identification identification, StoreCheck check, Fetcher fetcher,
    ILogger<ContentOpener> logger)
{
    /// <summary>Opens a content, if it may be fetched or is in the store.</summary>
    public async Task<OpenedContent?> OpenAsync(Content content, bool mayFetch, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await check.OpenAsync(content, cancellationToken) is { } stored)
            {
                return new OpenedContent(stored);
            }

            if (!mayFetch)
            {
                return null;
            }

            try
            {
                if (await fetcher.JoinAsync(content, cancellationToken) is { } reader)
                {
                    return new OpenedContent(reader);
                }
            }
            catch (IOException)
            {
                return null; // no room to store it: apt gets it all the same
            }
        }
    }

    /// <summary>Opens what a GET without a password will ask for when it has its turn. Nothing where the turn must decide.</summary>
    public async Task<OpenedContent?> OpenAheadAsync(
        string rawTarget, string host, System.Net.IPAddress client, CancellationToken cancellationToken)
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
                && identification.Foresee(origin) is { } content
                ? await OpenAsync(content, mayFetch: true, cancellationToken)
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
