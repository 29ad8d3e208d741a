namespace AptP2P.Host.Storage.Space;

/// <summary>
/// What is on the disk, kept in memory: which contents there are and how much they take is known without asking the disk. The disk has
/// the last word: a file that was deleted by hand is forgotten when somebody wants it. Some 100 bytes for each file.
/// </summary>
internal sealed class Inventory(StorePaths paths)
{
    private readonly Dictionary<ContentHash, StoredFile> _files = [];
    private readonly Dictionary<ContentHash, Removable> _partials = [];
    private readonly HashSet<ContentHash> _writing = [];
    private readonly Lock _lock = new();
    private Task? _loading;
    private long _version;
    private long _contentBytes;
    private long _partialBytes;
    private long _otherBytes;
    private bool _isComplete; // until the folders are read, what is not known here may be there all the same

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _files.Count;
            }
        }
    }

    /// <summary>How many are unfinished.</summary>
    public int Partials
    {
        get
        {
            lock (_lock)
            {
                return _partials.Count;
            }
        }
    }

    /// <summary>Grows with every content that comes or goes.</summary>
    public long Version => Interlocked.Read(ref _version);

    public long ContentBytes => Interlocked.Read(ref _contentBytes);

    public long PartialBytes => Interlocked.Read(ref _partialBytes);

    /// <summary>What the quota is for besides: the copies for outages, which others write.</summary>
    public long OtherBytes => Interlocked.Read(ref _otherBytes);

    public long Bytes => ContentBytes + PartialBytes + OtherBytes;

    /// <summary>Reads the folders, once. A large store on a slow disk takes seconds, so nobody should wait for it who need not.</summary>
    public Task LoadAsync()
    {
        lock (_lock)
        {
            return _loading ??= Task.Run(Load);
        }
    }

    /// <summary>Takes note of how much the copies for outages take.</summary>
    public void SetOthers(long bytes) => Interlocked.Exchange(ref _otherBytes, bytes);

    /// <summary>
    /// Whether a content's file is worth opening. Most of what peers ask for is not here, and to open what is not there costs an exception.
    /// </summary>
    public bool MayHave(ContentHash hash)
    {
        lock (_lock)
        {
            if (_files.ContainsKey(hash))
            {
                return true;
            }

            if (_isComplete)
            {
                return false;
            }
        }

        return File.Exists(paths.Content(hash));
    }

    /// <summary>What is known of a content's file.</summary>
    public StoredFile? Find(ContentHash hash)
    {
        lock (_lock)
        {
            return _files.TryGetValue(hash, out var found) ? found : null;
        }
    }

    /// <summary>Takes note of a file that was found on the disk, unless it is known.</summary>
    public void Adopt(ContentHash hash, StoredFile file)
    {
        lock (_lock)
        {
            if (!_files.ContainsKey(hash))
            {
                Set(hash, file);
            }
        }
    }

    /// <summary>Takes note of a file that is new, or was used.</summary>
    public void Set(ContentHash hash, StoredFile file)
    {
        lock (_lock)
        {
            var isNew = !Forget(hash);
            SetPartial(new Removable(hash, IsPartial: true, 0, default)); // it has become this file
            _files[hash] = file;
            Interlocked.Add(ref _contentBytes, SizeOnDisk(file.Length));
            Interlocked.Add(ref _version, isNew ? 1 : 0);
        }
    }

    public void Remove(ContentHash hash)
    {
        lock (_lock)
        {
            Interlocked.Add(ref _version, Forget(hash) ? 1 : 0);
        }
    }

    /// <summary>Begins a partial, which counts with all that it will be.</summary>
    /// <returns>Whether nobody else is at it.</returns>
    public bool TryBegin(ContentHash hash, long length, DateTime now)
    {
        lock (_lock)
        {
            if (!_writing.Add(hash))
            {
                return false;
            }

            SetPartial(new Removable(hash, IsPartial: true, length, now));
            return true;
        }
    }

    /// <summary>Ends the work at a partial, of which some bytes may stay for the next time.</summary>
    public void End(ContentHash hash, long left, DateTime now)
    {
        lock (_lock)
        {
            _writing.Remove(hash);
            SetPartial(new Removable(hash, IsPartial: true, left, now));
        }
    }

    /// <summary>Has a partial deleted, unless somebody is at it or begins.</summary>
    public bool TryRemovePartial(ContentHash hash, Action<ContentHash> delete)
    {
        lock (_lock)
        {
            if (_writing.Contains(hash))
            {
                return false;
            }

            delete(hash);
            SetPartial(new Removable(hash, IsPartial: true, 0, default));
            return true;
        }
    }

    /// <summary>What nobody is at work at.</summary>
    public List<Removable> Removable()
    {
        lock (_lock)
        {
            return
            [
                .. _files.Where(entry => !_writing.Contains(entry.Key))
                    .Select(entry => new Removable(entry.Key, IsPartial: false, SizeOnDisk(entry.Value.Length), entry.Value.Used)),
                .. _partials.Values.Where(partial => !_writing.Contains(partial.Hash)),
            ];
        }
    }

    /// <summary>Every complete content.</summary>
    public List<Removable> Contents()
    {
        lock (_lock)
        {
            return
            [
                .. _files.Select(
                    entry => new Removable(entry.Key, IsPartial: false, SizeOnDisk(entry.Value.Length), entry.Value.Used)),
            ];
        }
    }

    /// <summary>The list of pieces stands beside a content that has several.</summary>
    private static long SizeOnDisk(long length) =>
        length + (PieceList.CountFor(length) is > 1 and var count ? count * ContentHash.Size : 0);

    private void Load()
    {
        SetOthers(OutageCopies.Size(new DirectoryInfo(paths.Metadata)));
        foreach (var (hash, file) in paths.Enumerate().Where(entry => entry.File.Exists)) // else it was evicted meanwhile
        {
            Adopt(hash, new StoredFile(file.Length, file.LastWriteTimeUtc, file.LastAccessTimeUtc));
        }

        foreach (var (hash, file) in paths.EnumeratePartials().Where(entry => entry.File.Exists))
        {
            var partial = new Removable(hash, IsPartial: true, file.Length, file.LastWriteTimeUtc);
            lock (_lock)
            {
                if (!_writing.Contains(hash) && !_partials.ContainsKey(hash))
                {
                    SetPartial(partial);
                }
            }
        }

        lock (_lock)
        {
            _isComplete = true;
        }
    }

    /// <returns>Whether it was there.</returns>
    private bool Forget(ContentHash hash)
    {
        var isKnown = _files.Remove(hash, out var old);
        Interlocked.Add(ref _contentBytes, isKnown ? -SizeOnDisk(old.Length) : 0);
        return isKnown;
    }

    private void SetPartial(Removable partial)
    {
        var before = _partials.GetValueOrDefault(partial.Hash).Bytes;
        if (partial.Bytes > 0)
        {
            _partials[partial.Hash] = partial;
        }
        else
        {
            _partials.Remove(partial.Hash);
        }

        Interlocked.Add(ref _partialBytes, partial.Bytes - before);
    }
}
