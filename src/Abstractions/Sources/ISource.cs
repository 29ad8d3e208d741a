namespace AptP2P;

/// <summary>
/// Somewhere that bytes come from. A source opens channels for a content: a mirror is one channel, each peer is one. Which sources may work
/// for a fetch, and when, is the <see cref="ISourcePolicy"/>'s to say.
/// </summary>
public interface ISource
{
    /// <summary>A short name for the status page and for metrics, such as <c>mirror</c>.</summary>
    string Name { get; }

    /// <summary>Whose its channels' bytes are: the archive's, strangers', or the operator's own.</summary>
    SourceRole Role { get; }

    /// <summary>
    /// Streams channels as they are found, each at most once, and ends when no more will come. Opening costs nothing: a channel talks to
    /// nobody until it is read. The enumeration is cancelled when the fetch ends.
    /// </summary>
    /// <param name="content">What is wanted.</param>
    /// <param name="effort">Whether looking is worth its cost.</param>
    /// <param name="cancellationToken">Ends the search; open channels live on.</param>
    IAsyncEnumerable<IChannel> OpenAsync(Content content, SearchEffort effort, CancellationToken cancellationToken);
}
