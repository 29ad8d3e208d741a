using System.Collections.Concurrent;
using AptP2P.Host.Catalog;

namespace AptP2P.Host.Sharing;

/// <summary>
/// Which contents are given to peers, and so announced: the one place that both go by. Where a stored content is from is what the catalog
/// knows; one that no index names any more is not shared while there are rules.
/// </summary>
internal sealed class ShareList(ShareRules rules, CatalogOwners owners)
{
    private readonly ConcurrentDictionary<ContentHash, bool> _shared = new();

    public bool IsShared(ContentHash hash) => rules.IsEverythingShared || _shared.ContainsKey(hash);

    public bool IsShared(Content content) => rules.Allow(content);

    /// <summary>Takes note of a content that has just come into the store.</summary>
    public void Add(Content content)
    {
        if (!rules.IsEverythingShared && rules.Allow(content))
        {
            _shared[content.Hash] = true;
        }
    }

    /// <summary>Looks up anew where all that is stored is from.</summary>
    public async Task ReviewAsync(IContentStore store, CancellationToken cancellationToken)
    {
        if (rules.IsEverythingShared || rules.IsNothingShared)
        {
            return;
        }

        var before = _shared.Keys; // what comes meanwhile is not on the list, and not gone either
        var stored = await store.ListAsync(cancellationToken).Select(content => content.Hash).ToHashSetAsync(cancellationToken: cancellationToken);
        foreach (var (hash, authority, path) in owners.Of(stored))
        {
            if (rules.Allow(authority, path))
            {
                _shared[hash] = true;
            }
        }

        foreach (var evicted in before.Where(hash => !stored.Contains(hash)))
        {
            _shared.TryRemove(evicted, out _);
        }
    }
}
