namespace AptP2P.Host.Fetching.Blocks;

/// <summary>What a channel without work is to do.</summary>
/// <param name="Claim">What it gets; nothing while there is nothing for it.</param>
/// <param name="Revoked">The claim that was taken away to make room for it. Its channel has to be told.</param>
internal readonly record struct WorkChoice(Claim? Claim, Claim? Revoked = null)
{
    /// <summary>When it is to ask again though nothing happens, if that is soon.</summary>
    public TimeSpan? LookAgain { get; init; }
}
