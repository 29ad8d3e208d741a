namespace AptP2P;

/// <summary>How a read ended.</summary>
/// <param name="Outcome">What happened.</param>
/// <param name="Reason">In words, for the log; <see langword="null"/> when all went well.</param>
/// <param name="RetryAfter">When it is worth asking this channel again; <see langword="null"/> when the channel did not say.</param>
public readonly record struct ChannelResult(ChannelOutcome Outcome, string? Reason = null, TimeSpan? RetryAfter = null)
{
    /// <summary>Everything that the sink wanted was read.</summary>
    public static ChannelResult Complete => new(ChannelOutcome.Complete);

    /// <summary>What an origin answered; <see langword="null"/> when it said nothing, and always of a peer.</summary>
    public OriginAnswer? Answer { get; init; }
}
