using System.Collections.Concurrent;
using AptP2P.Host.Catalog.Archives;

namespace AptP2P.Host.Sharing;

/// <summary>
/// Which contents peers hear of: the one place that decides what is given, announced, looked up and asked for. The catalog knows which
/// archive a stored content is from; a content that no index names any more is not shared, unless everything is. A content that only
/// indexes with refused signatures name is never shared.
/// </summary>
/// <param name="rules">What the operator wants.</param>
/// <param name="naming">Where a stored content is from.</param>
/// <param name="trust">Which contents only such indexes name; without it there are none.</param>
/// <param name="withheld">Told of contents that are not shared.</param>
internal sealed class ShareList(ShareRules rules, NamingArchives naming, TrustedArchives? trust, WithheldArchives? withheld = null)
{
    private readonly ConcurrentDictionary<ContentHash, bool> _shared = new();
    private readonly ConcurrentDictionary<ContentHash, bool> _distrusted = new();

    public bool IsShared(ContentHash hash) => (rules.IsEverythingShared || _shared.ContainsKey(hash)) && !_distrusted.ContainsKey(hash);

    public bool IsShared(Content content) => rules.Allow(content) && trust?.IsVouchedFor(content) != false;

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
        if (!rules.IsEverythingShared && rules.Allow(content))
        {
            _shared[content.Hash] = true;
        }
    }

    /// <summary>Finds out again which archive each stored content is from.</summary>
    public async Task ReviewAsync(IContentStore store, CancellationToken cancellationToken)
    {
        if (rules.Reach == PeerReach.Off || (rules.IsEverythingShared && _distrusted.IsEmpty && trust is not { HasDistrusted: true }))
        {
            return;
        }

        ContentHash[] before = [.. _shared.Keys, .. _distrusted.Keys]; // what comes meanwhile is not on these lists, and stays
        var stored = await store
            .ListAsync(cancellationToken)
            .Select(content => content.Hash)
            .ToHashSetAsync(cancellationToken: cancellationToken);
        var shared = new HashSet<ContentHash>();
        var trusted = new Dictionary<ContentHash, bool>();
        foreach (var (hash, authority, path, isTrusted) in stored.Count > 0 ? naming.Of(stored) : [])
        {
            trusted[hash] = isTrusted || trusted.GetValueOrDefault(hash);
            if (isTrusted && !shared.Contains(hash) && rules.Judge(authority, path) == ShareVerdict.Shared)
            {
                shared.Add(hash);
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

        foreach (var hash in before)
        {
            if (!shared.Contains(hash))
            {
                _shared.TryRemove(hash, out _); // evicted, or no shared archive has it any more
            }

            if (!stored.Contains(hash))
            {
                _distrusted.TryRemove(hash, out _);
            }
        }
    }
}
