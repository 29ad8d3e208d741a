using System.Collections.Concurrent;
using AptP2P.Host.Catalog;

namespace AptP2P.Host.Sharing;

/// <summary>
/// Which contents are given to peers, and so announced: the one place that both go by. Where a stored content is from is what the catalog
/// knows; one that no index names any more is not shared while there are rules. What rests on signatures that apt refuses alone is never shared.
/// </summary>
/// <param name="rules">What the operator wants.</param>
/// <param name="owners">Where a stored content is from.</param>
/// <param name="trust">Which contents rest on such signatures; without it none does.</param>
internal sealed class ShareList(ShareRules rules, CatalogOwners owners, CatalogTrust? trust)
{
    private readonly ConcurrentDictionary<ContentHash, bool> _shared = new();
    private readonly ConcurrentDictionary<ContentHash, bool> _distrusted = new();

    public bool IsShared(ContentHash hash) => (rules.IsEverythingShared || _shared.ContainsKey(hash)) && !_distrusted.ContainsKey(hash);

    public bool IsShared(Content content) => rules.Allow(content) && trust?.IsVouchedFor(content) != false;

    /// <summary>Takes note of a content that has just come into the store.</summary>
    public void Add(Content content)
    {
        if (trust?.IsVouchedFor(content) == false)
        {
            _distrusted[content.Hash] = true;
            return;
        }

        _distrusted.TryRemove(content.Hash, out _);
        if (!rules.IsEverythingShared && rules.Allow(content))
        {
            _shared[content.Hash] = true;
        }
    }

    /// <summary>Looks up anew where all that is stored is from.</summary>
    public async Task ReviewAsync(IContentStore store, CancellationToken cancellationToken)
    {
        if (rules.IsNothingShared || (rules.IsEverythingShared && _distrusted.IsEmpty && trust is not { HasDistrusted: true }))
        {
            return;
        }

        ContentHash[] before = [.. _shared.Keys, .. _distrusted.Keys]; // what comes meanwhile is not on the lists, and not gone either
        var stored = await store.ListAsync(cancellationToken).Select(content => content.Hash).ToHashSetAsync(cancellationToken: cancellationToken);
        var trusted = new Dictionary<ContentHash, bool>();
        foreach (var (hash, authority, path, isTrusted) in owners.Of(stored))
        {
            trusted[hash] = isTrusted || trusted.GetValueOrDefault(hash);
            if (isTrusted && rules.Allow(authority, path))
            {
                _shared[hash] = true;
            }
        }

        foreach (var (hash, isTrusted) in trusted)
        {
            if (isTrusted)
            {
                _distrusted.TryRemove(hash, out _);
            }
            else
            {
                _distrusted[hash] = true;
            }
        }

        foreach (var evicted in before.Where(hash => !stored.Contains(hash)))
        {
            _shared.TryRemove(evicted, out _);
            _distrusted.TryRemove(evicted, out _);
        }
    }
}
