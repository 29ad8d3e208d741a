using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching;

/// <summary>Why a fetch ended without its content.</summary>
/// <param name="Outcome">What ended the last channel that might have had it.</param>
/// <param name="Reason">In words, for whoever asked.</param>
internal sealed record FetchFailure(ChannelOutcome Outcome, string Reason)
{
    /// <summary>
    /// How the first origin failed, if an origin did: what the client would have met without us, so that it need not be asked again for its
    /// sake.
    /// </summary>
    public ChannelResult? AtOrigin { get; init; }

    public static FetchFailure Of(FetchChannel channel)
    {
        var result = channel.RetiredBy!.Value;
        return new FetchFailure(result.Outcome, result.Reason ?? result.Outcome.ToString()) { AtOrigin = channel.IsOrigin ? result : null };
    }
}
