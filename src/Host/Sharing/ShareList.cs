using System.Collections.Concurrent;
using AptP2P.Host.Catalog.Archives;

namespace AptP2P.Host.Sharing;

/// <summary>
/// Which contents peers hear of: what is given, announced, looked up and asked for, the one place that all go by. Where a stored content is
/// from is what the catalog knows; one that no index names any more is not shared, unless everything is. What rests on signatures that apt
/// refuses alone is never shared.
/// </summary>
/// <param name="rules">What the operator wants.</param>
/// <param name="owners">Where a stored content is from.</param>
/// <param name="trust">Which contents rest on such signatures; without it none does.</param>
/// <param name="withheld">Told of contents that are not shared.</param>
internal sealed class ShareList(ShareRules rules, NamingArchives owners, TrustedArchives? trust, WithheldArchives? withheld = null)
{
    private readonly ConcurrentDictionary<ContentHash, bool> _shared = new();
    private readonly ConcurrentDictionary<ContentHash, bool> _distrusted = new();

    public bool IsShared(ContentHash hash) => (rules.IsEverythingShared || _shared.ContainsKey(hash)) && !_distrusted.ContainsKey(hash);

    public bool IsShared(Content content) => rules.Allow(content) && trust?.IsVouchedFor(content) != false;

    /// <summary>Whether this node says by itself that it has a content.</summary>
    public bool IsTold(ContentHash hash) => rules.MayTell && IsShared(hash);

    /// <summary>Whether peers may be looked for and asked for a content: that tells them that it is wanted here.</summary>
    public bool MayAskPeers(Content content)
    {
        var mayAsk = rules.MayTell && IsShared(content);
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

    /// <summary>Looks up anew where all that is stored is from.</summary>
    public async Task ReviewAsync(IContentStore store, CancellationToken cancellationToken)
    {
        if (rules.IsNothingShared || (rules.IsEverythingShared && _distrusted.IsEmpty && trust is not { HasDistrusted: true }))
        {
            return;
        }

        ContentHash[] before = [.. _shared.Keys, .. _distrusted.Keys]; // what comes meanwhile is not on the lists, and not gone either
        var stored = await store
            .ListAsync(cancellationToken)
            .Select(content => content.Hash)
            .ToHashSetAsync(cancellationToken: cancellationToken);
        var shared = new HashSet<ContentHash>();
        var trusted = new Dictionary<ContentHash, bool>();
        foreach (var (hash, authority, path, isTrusted) in stored.Count > 0 ? owners.Of(stored) : [])
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
                _shared.TryRemove(hash, out _); // evicted, or its archive is another one's only by now
            }

            if (!stored.Contains(hash))
            {
                _distrusted.TryRemove(hash, out _);
            }
        }
    }
}
