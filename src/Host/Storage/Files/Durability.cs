using System.Collections.Concurrent;
using System.Security.Cryptography;
using AptP2P.Host.Storage.Space;

namespace AptP2P.Host.Storage.Files;

/// <summary>
/// Makes published files durable in the background: a flush takes tens of milliseconds on an ordinary disk, and apt would wait for each.
/// While some files are not durable yet, there is a file <c>unsynced</c>. If it is still there at the next start, the files published since
/// then are verified before anybody gets them: after a power cut they may hold anything.
/// </summary>
internal sealed partial class Durability : IDisposable
{
    private static readonly TimeSpan ClockGrain = TimeSpan.FromSeconds(2); // file systems round times
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5); // what is not durable by then is verified at the next start

    private readonly StorePaths _paths;
    private readonly ILogger _logger;
    private readonly BlockingCollection<ContentHash> _published = [];
    private readonly ConcurrentDictionary<ContentHash, Lazy<bool>> _suspects = new();
    private readonly Lock _lock = new();
    private Thread? _thread;
    private int _unsynced;
    private bool _disposed;

    public Durability(StorePaths paths, ILogger logger)
    {
        (_paths, _logger) = (paths, logger);
        var marker = new FileInfo(paths.Unsynced);
        if (!marker.Exists)
        {
            return;
        }

        foreach (var (hash, file) in paths.Enumerate().Where(entry => entry.File.LastWriteTimeUtc >= marker.LastWriteTimeUtc - ClockGrain))
        {
            _suspects[hash] = new Lazy<bool>(() => IsRight(hash));
        }

        LogSuspects(_suspects.Count);
        EnsureThread();
    }

    /// <summary>Whether a file may be used. Verifies it if it was published shortly before the daemon ended without notice.</summary>
    public bool IsUsable(ContentHash hash) => _suspects.IsEmpty || !_suspects.TryGetValue(hash, out var suspect) || suspect.Value;

    /// <summary>Says that a file is going to be published. It is not durable yet.</summary>
    public void Publishing()
    {
        lock (_lock)
        {
            if (_unsynced == 0)
            {
                File.Create(_paths.Unsynced).Dispose(); // file systems keep the order of names: it is there if the published name is
            }

            _unsynced++;
        }
    }

    /// <summary>Says that the file was published, or could not be. <see cref="Publishing"/> was called before.</summary>
    public void Published(ContentHash hash)
    {
        _suspects.TryRemove(hash, out _);
        EnsureThread();
        _published.Add(hash);
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;

        _published.CompleteAdding();
        var isDone = _thread?.Join(LongestStop) ?? true;
        if (isDone)
        {
            _published.Dispose();
        }
    }

    /// <summary>A thread of its own: a flush blocks, and the pool's threads are for requests.</summary>
    private void EnsureThread()
    {
        lock (_lock)
        {
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = "store durability" };
                _thread.Start();
            }
        }
    }

    private void Run()
    {
        foreach (var suspect in _suspects.Values)
        {
            _ = suspect.Value; // a request may have come first
        }

        if (!_suspects.IsEmpty)
        {
            _suspects.Clear();
            DeleteMarkerIfDone();
        }

        foreach (var hash in _published.GetConsumingEnumerable())
        {
            Flush(_paths.Content(hash));
            lock (_lock)
            {
                _unsynced--;
            }

            DeleteMarkerIfDone();
        }
    }

    private void DeleteMarkerIfDone()
    {
        lock (_lock)
        {
            if (_unsynced > 0 || !_suspects.IsEmpty)
            {
                return;
            }

            try
            {
                File.Delete(_paths.Unsynced);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogNotFlushed(_paths.Unsynced, e.Message); // then the next start verifies more than it must
            }
        }
    }

    private void Flush(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return; // it was evicted
            }

            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.FlushToDisk(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // it was evicted just now
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotFlushed(path, e.Message);
        }
    }

    /// <summary>Whether a file has the bytes that its name says. If not, it is removed, and the log says so.</summary>
    public bool IsRight(ContentHash hash)
    {
        try
        {
            using var file = File.OpenRead(_paths.Content(hash));
            if (new ContentHash(SHA256.HashData(file)) == hash)
            {
                return true;
            }

            LogDamaged(hash);
            File.Delete(_paths.Content(hash));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotFlushed(_paths.Content(hash), e.Message);
        }

        return false;
    }

    [LoggerMessage(1401, LogLevel.Information, "The daemon ended without notice; {Count} files that were stored just before are verified")]
    private partial void LogSuspects(int count);

    [LoggerMessage(1402, LogLevel.Warning, "Stored file {Hash} is damaged and was removed; it is fetched again when somebody wants it")]
    private partial void LogDamaged(ContentHash hash);

    [LoggerMessage(1403, LogLevel.Warning, "Stored file {Path} cannot be made durable: {Reason}")]
    private partial void LogNotFlushed(string path, string reason);
}
