using AptP2P.Host.Catalog.Metadata;

namespace AptP2P.Host.Proxy.Metadata;

/// <summary>What an origin said to a question, for all clients that wait for it. Whoever shares it last disposes it.</summary>
internal sealed class MetadataAnswer : IDisposable
{
    /// <summary>What is to be given.</summary>
    internal enum Give
    {
        /// <summary>The copy, which the origin has confirmed, or has newer than the origin.</summary>
        Copy,

        /// <summary>The copy, which is what the origin has just sent.</summary>
        NewCopy,

        /// <summary>What the origin said, though no copy is kept of it: apt judges for itself.</summary>
        Answer,

        /// <summary>Whatever the origin says, byte by byte: it is too large to be held here.</summary>
        Stream,
    }

    public required Give What { get; init; }

    public int Status { get; init; } = StatusCodes.Status200OK;

    public MetadataHeaders? Headers { get; init; }

    /// <summary>Further headers that a client may need to understand the answer.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> More { get; init; } = [];

    public MetadataBody? Body { get; init; }

    public void Dispose() => Body?.Dispose();
}
