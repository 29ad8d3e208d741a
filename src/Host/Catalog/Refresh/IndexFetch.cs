namespace AptP2P.Host.Catalog.Refresh;

/// <summary>Gets an index and its bytes into the store, from wherever: the host's fetcher.</summary>
/// <returns>The stored content, to be disposed, or <see langword="null"/> when it cannot be had.</returns>
internal delegate Task<IStoredContent?> IndexFetch(Content content, CancellationToken cancellationToken);
