namespace AptP2P;

/// <summary>Takes a channel's bytes, in order. The memory is the host's, so that nothing is copied on the way.</summary>
public interface IChannelSink
{
    /// <summary>Where the next bytes go; never empty. Valid until the next call of <see cref="AdvanceAsync"/>.</summary>
    Memory<byte> GetMemory();

    /// <summary>Hands over the first <paramref name="count"/> bytes of the memory.</summary>
    /// <returns><see langword="false"/> when no more is wanted; the channel then returns what it has as <see cref="ChannelOutcome.Complete"/>.</returns>
    ValueTask<bool> AdvanceAsync(int count, CancellationToken cancellationToken);
}
