namespace AptP2P.Testing.InMemory;

/// <summary>
/// What an <see cref="InMemoryChannel"/> does with one read. The plain one delivers; each property makes one thing wrong.
/// </summary>
public sealed record ChannelAct
{
    public static ChannelAct Right { get; } = new();

    /// <summary>The read ends with <see cref="Outcome"/> after this many of its bytes.</summary>
    public long? EndAfter { get; init; }

    /// <summary>Nothing more after this many of its bytes until <see cref="InMemoryChannel.Release"/>, or cancellation.</summary>
    public long? StallAfter { get; init; }

    /// <summary>The same, from this offset of the content on.</summary>
    public long? StallAt { get; init; }

    /// <summary>How the read ends.</summary>
    public ChannelOutcome Outcome { get; init; } = ChannelOutcome.Complete;

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The byte at this offset of the content is another one.</summary>
    public long? WrongAt { get; init; }

    /// <summary>Gives everything from the content's start, whatever range was asked for, if the sink takes that.</summary>
    public bool GivesWhole { get; init; }

    /// <summary>What the result says of an origin's answer.</summary>
    public OriginAnswer? Answer { get; init; }

    /// <summary>By the channel's clock; <see langword="null"/> is at once.</summary>
    public long? BytesPerSecond { get; init; }

    public static ChannelAct Cut(long after) => new() { EndAfter = after, Outcome = ChannelOutcome.Cut };

    public static ChannelAct Fail(ChannelOutcome outcome, TimeSpan? retryAfter = null) =>
        new()
        {
            EndAfter = 0,
            Outcome = outcome,
            RetryAfter = retryAfter,
        };

    public static ChannelAct Stall(long after) => new() { StallAfter = after };

    public static ChannelAct WrongByte(long at) => new() { WrongAt = at };

    public static ChannelAct Slow(long bytesPerSecond) => new() { BytesPerSecond = bytesPerSecond };
}
