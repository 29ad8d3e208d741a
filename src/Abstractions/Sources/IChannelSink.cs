namespace AptP2P;

/// <summary>Takes a channel's bytes, in order. The memory is the host's, so that nothing is copied on the way.</summary>
public interface IChannelSink
{
    /// <summary>Where the next bytes go; never empty. Valid until the next call of <see cref="AdvanceAsync"/>.</summary>
    Memory<byte> GetMemory();

    /// <summary>Hands over the first <paramref name="count"/> bytes of the memory.</summary>
    /// <returns>
    /// <see langword="false"/> when no more is wanted; the channel then returns what it has as <see cref="ChannelOutcome.Complete"/>.
    /// </returns>
    ValueTask<bool> AdvanceAsync(int count, CancellationToken cancellationToken);

    /// <summary>
    /// Says, before the first byte, that an origin gives the content from its start, though a later part of it was asked for. A content
    /// that is all of one answer is worth more than parts of two.
    /// </summary>
    /// <returns>
    /// Whether the sink takes it from its start, to the end of what was asked for; if not, the channel skips what was not asked for.
    /// </returns>
    ValueTask<bool> TryRestartAsync(CancellationToken cancellationToken) => new(false);
}
