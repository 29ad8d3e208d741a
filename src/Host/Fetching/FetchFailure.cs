namespace AptP2P.Host.Fetching;

/// <summary>Why a fetch ended without its content.</summary>
/// <param name="Outcome">What ended the last channel that might have had it.</param>
/// <param name="Reason">In words, for whoever asked.</param>
internal sealed record FetchFailure(ChannelOutcome Outcome, string Reason);
