namespace AptP2P.Host.Fetching.Channels;

/// <summary>A range that a channel is to bring, and where it puts the bytes. Others may take parts of it over meanwhile, or all.</summary>
internal interface IAssignment : IChannelSink, IDisposable
{
    /// <summary>What is left of it.</summary>
    ByteRange Rest { get; }

    /// <summary>When it was given to the channel (a timestamp).</summary>
    long Began { get; }

    /// <summary>What the channel has brought so far.</summary>
    long Received { get; }

    /// <summary>Whether it was taken away altogether.</summary>
    bool IsRevoked { get; }

    /// <summary>Whether an origin has taken at least part of it, since the channel, a neighbour's, was slower.</summary>
    bool WasOutrun { get; }

    /// <summary>Cancelled when it is taken away altogether.</summary>
    CancellationToken Revoked { get; }

    /// <summary>Ends it: what the channel has not brought is free again.</summary>
    void Release();
}
