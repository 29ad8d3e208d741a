using System.Collections.Concurrent;
using AptP2P.Host.Catalog.Identifying;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Proxy.Indexes;

/// <summary>
/// Indexes that apt may have to its last byte and the catalog has not read yet. What apt asks for next is named in them: it waits for a
/// moment rather than be passed through unknown, neither stored nor shared.
/// </summary>
internal sealed class IndexBacklog(IOptions<IndexOptions> options, TimeProvider time)
{
    private const int MaxEntries = 1_000; // an update has tens; a client that goes away from each must not fill memory

    private readonly ConcurrentDictionary<Entry, ContentHash> _entries = new();
    // what was fetched ahead may be read before it is sent
    private readonly ConcurrentDictionary<(string Authority, ContentHash Hash), bool> _done = new();

    /// <summary>An index is sent to a client.</summary>
    /// <param name="origin">Where it is from.</param>
    /// <param name="hash">What <see cref="Done"/> will be called with.</param>
    /// <param name="isSent">Whether the client may have its last byte.</param>
    /// <param name="isStored">Whether it comes into the store; if not, the catalog will not read it.</param>
    public void Add(Origin origin, ContentHash hash, Func<bool> isSent, Task<bool> isStored)
    {
        var entry = new Entry(this, origin.Authority, isRelease: false, isSent, isStored);
        Add(entry, hash);
        if (_done.ContainsKey((origin.Authority, hash)))
        {
            entry.Dispose();
        }
    }

    /// <summary>Something that is learned while it passes through, until what is returned is disposed.</summary>
    public IDisposable Passing(Origin origin)
    {
        var entry = new Entry(this, origin.Authority, ArchiveCatalog.IsRelease(origin), () => true, Task.FromResult(true));
        Add(entry, default);
        return entry;
    }

    /// <summary>Something that is fetched for the catalog, since a client has a newer one already.</summary>
    public void Until(Task learned, Origin origin) =>
        Add(
            new Entry(
                this, origin.Authority, ArchiveCatalog.IsRelease(origin), () => true,
                learned.ContinueWith(_ => false, TaskScheduler.Default)),
            default);

    /// <summary>The catalog has read an index, or never will.</summary>
    public void Done(Origin origin, ContentHash hash)
    {
        if (_done.Count >= MaxEntries)
        {
            _done.Clear();
        }

        _done[(origin.Authority, hash)] = true;
        foreach (var (entry, content) in _entries)
        {
            if (content == hash)
            {
                entry.Dispose();
            }
        }
    }

    /// <summary>
    /// What of an archive's host has been sent and is still to be read. To be asked before the catalog is: what is read between the two
    /// questions must be looked up again, and would be missed the other way round.
    /// </summary>
    public UnreadIndexes Unread(Origin origin)
    {
        List<Task>? releases = null, indexes = null;
        foreach (var (entry, _) in _entries)
        {
            if (entry.Authority == origin.Authority && entry.IsSent())
            {
                (entry.IsRelease ? ref releases : ref indexes) ??= [];
                (entry.IsRelease ? releases : indexes)!.Add(entry.LearnedAsync());
            }
        }

        return new UnreadIndexes(releases ?? [], indexes ?? []);
    }

    /// <summary>Waits until all is read, as long as a request may wait.</summary>
    public async Task WaitAsync(IEnumerable<Task> unread, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(unread).WaitAsync(options.Value.IndexWait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The mirror knows the file too.
        }
    }

    private void Add(Entry entry, ContentHash hash)
    {
        if (_entries.Count >= MaxEntries)
        {
            foreach (var old in _entries.Keys)
            {
                old.Dispose();
            }
        }

        _entries[entry] = hash;
    }

    private sealed class Entry(IndexBacklog backlog, string authority, bool isRelease, Func<bool> isSent, Task<bool> isStored) : IDisposable
    {
        private readonly TaskCompletionSource _learned = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Authority => authority;

        public bool IsRelease => isRelease;

        public Func<bool> IsSent => isSent;

        public async Task LearnedAsync()
        {
            if (!await isStored)
            {
                Dispose();
            }

            await _learned.Task;
        }

        public void Dispose()
        {
            backlog._entries.TryRemove(this, out _);
            _learned.TrySetResult();
        }
    }
}
