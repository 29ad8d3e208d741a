using System.Collections.Concurrent;
using System.Collections.Frozen;
using AptP2P.Host.Catalog.Archives;
using AptP2P.Host.Catalog.Identifying;

namespace AptP2P.Host.Sharing;

/// <summary>
/// Which contents peers hear of: the one place that decides what is given, announced, looked up and asked for. The catalog knows which
/// archive a stored content is from. A content that no index names any more is not shared, since who still has it has not updated. Nor is
/// one that only indexes with refused signatures name.
/// </summary>
/// <param name="rules">What the operator wants.</param>
/// <param name="naming">Where a stored content is from.</param>
/// <param name="trust">Which contents only such indexes name; without it there are none.</param>
/// <param name="withheld">Told of contents that are not shared.</param>
/// <param name="catalog">Which indexes were replaced; without it none was.</param>
internal sealed class ShareList(
    ShareRules rules, NamingArchives naming, TrustedArchives? trust, WithheldArchives? withheld = null, ArchiveCatalog? catalog = null)
{
    private readonly ConcurrentDictionary<ContentHash, bool> _shared = new();
    private readonly ConcurrentDictionary<ContentHash, bool> _distrusted = new();

    public bool IsShared(ContentHash hash) => _shared.ContainsKey(hash) && !_distrusted.ContainsKey(hash);

    public bool IsShared(Content content) => rules.Allow(content) && trust?.IsVouchedFor(content) != false && !IsReplaced(content);

    /// <summary>Whether peers may be looked for and asked for a content: that tells them that it is wanted here.</summary>
    public bool MayAskPeers(Content content)
    {
        var mayAsk = IsShared(content);
        if (!mayAsk)
        {
            withheld?.Note(content);
            rules.LookUp(content);
        }

        return mayAsk;
    }

    /// <summary>Takes note of a content that has just come into the store.</summary>
    public void Add(Content content)
    {
        if (trust?.IsVouchedFor(content) == false)
        {
            _distrusted[content.Hash] = true;
            return;
        }

        _distrusted.TryRemove(content.Hash, out _);
        if (rules.Allow(content) && !IsReplaced(content))
        {
            _shared[content.Hash] = true;
        }
    }

    /// <summary>Finds out again which archive each stored content is from.</summary>
    /// <returns>What is stored, where anything can be shared at all.</returns>
    public async Task<IReadOnlySet<ContentHash>> ReviewAsync(IContentStore store, CancellationToken cancellationToken)
    {
        if (rules.Reach == PeerReach.Off)
        {
            return FrozenSet<ContentHash>.Empty;
        }

        ContentHash[] before = [.. _shared.Keys, .. _distrusted.Keys]; // what comes meanwhile is not on these lists, and stays
        var stored = await store
            .ListAsync(cancellationToken)
            .Select(content => content.Hash)
            .ToHashSetAsync(cancellationToken: cancellationToken);
        var shared = new HashSet<ContentHash>();
        var trusted = new Dictionary<ContentHash, bool>();
        foreach (var named in stored.Count > 0 ? naming.Of(stored) : [])
        {
            trusted[named.Hash] = named.IsTrusted || trusted.GetValueOrDefault(named.Hash);
            if (named is { IsTrusted: true, IsCurrent: true }
                && !shared.Contains(named.Hash)
                && rules.Judge(named.Authority, named.Path) == ShareVerdict.Shared)
            {
                shared.Add(named.Hash);
                _shared[named.Hash] = true;
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

        foreach (var hash in before)
        {
            if (!shared.Contains(hash))
            {
                _shared.TryRemove(hash, out _); // evicted, replaced, or no shared archive has it any more
            }

            if (!stored.Contains(hash))
            {
                _distrusted.TryRemove(hash, out _);
            }
        }

        return stored;
    }

    private bool IsReplaced(Content content) => catalog?.IsReplacedIndex(content) == true;
}
