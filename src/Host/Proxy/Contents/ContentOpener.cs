using AptP2P.Host.Fetching;
using AptP2P.Host.Storage.Checking;

namespace AptP2P.Host.Proxy.Contents;

/// <summary>Opens a content: from the store, or by joining its one fetch.</summary>
internal sealed class ContentOpener(StoreCheck check, Fetcher fetcher)
{
    /// <returns>Nothing where it is not stored and may not be fetched, or where there is no room for it.</returns>
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
                return null; // it cannot be stored: apt gets it all the same
            }
        }
    }
}
