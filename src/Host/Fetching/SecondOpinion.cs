using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching;

/// <summary>
/// Waits for somebody who has the right file when the origins' file is not what the index names, before apt gets that as it is.
/// </summary>
/// <param name="content">What it should be.</param>
/// <param name="environment">The time, and for how long.</param>
/// <param name="channels">The origins, and peers as they are found.</param>
/// <param name="search">Whether more may come.</param>
/// <param name="situation">Whether a peer may give it.</param>
/// <param name="dispatcher">Told of each origin that is given up; tells when something has changed.</param>
/// <param name="logger">The fetch's.</param>
internal sealed partial class SecondOpinion(
    Content content, FetchEnvironment environment, FetchChannels channels, SourceSearch search, FetchSituation situation,
    FetchDispatcher dispatcher, ILogger logger)
{
    /// <summary>Waits for a peer, not for long.</summary>
    /// <returns>Whether there is one. Then it is all theirs.</returns>
    public async Task<bool> IsThereAsync(CancellationToken cancellationToken)
    {
        var began = environment.Time.GetTimestamp();
        foreach (var origin in channels.LiveOrigins())
        {
            origin.Retire(new ChannelResult(ChannelOutcome.Protocol, "its file is not what the index names"));
            dispatcher.Failed(origin); // the policy brings in peers
        }

        while (situation.MayAskPeers)
        {
            var next = dispatcher.Reconsidered;
            if (situation.HasPeer)
            {
                LogPeersTurn(channels.All.First(channel => channel.IsOrigin).Channel.Name, content.Hash);
                return true;
            }

            var left = environment.Options.SecondOpinion - environment.Time.GetElapsedTime(began);
            if (search.IsFinished || left <= TimeSpan.Zero)
            {
                return false;
            }

            await next.WaitAsync(left, environment.Time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return false;
    }

    [LoggerMessage(1206, LogLevel.Warning, "{Origin} serves other bytes than its index names for {Hash}: peers are asked for it")]
    private partial void LogPeersTurn(string origin, ContentHash hash);
}
