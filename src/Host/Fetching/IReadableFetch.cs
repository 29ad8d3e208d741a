using AptP2P.Host.Fetching.Building;
using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching;

/// <summary>What a reader sees of its fetch.</summary>
internal interface IReadableFetch
{
    Content Content { get; }

    /// <summary>Where its bytes are.</summary>
    IReadableContent Bytes { get; }

    FetchTraffic Traffic { get; }

    /// <summary>The names of the peers that gave something of it.</summary>
    IReadOnlyCollection<string> Givers { get; }

    /// <summary>When the content was last modified, as soon as an origin has said so.</summary>
    DateTimeOffset? LastModified { get; }

    /// <summary>Up to where a reader may read now, and whether what it has read was right.</summary>
    ReadState ReadState { get; }

    /// <summary>Ends when that may have changed. Taken before it is looked at, or a change is missed.</summary>
    Task Progress { get; }

    /// <summary>Why it ended without the content, once it has.</summary>
    FetchFailure? Failure { get; }

    /// <summary>Whether the content is in the store, once that is decided.</summary>
    Task<bool> Outcome { get; }

    /// <inheritdoc cref="Audience.Released"/>
    CancellationToken Released { get; }

    /// <summary>Counts the reader out.</summary>
    void Leave();
}
