using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Storage;

/// <summary>
/// The default store: a file per content, named by its hash, immutable, published by rename. Whatever a crash leaves behind is either a complete
/// content or a partial that is gone on with, and after a power cut <see cref="Durability"/> looks at what may be neither.
/// </summary>
internal sealed partial class FileContentStore(StorePaths paths, IOptions<StoreOptions> options, TimeProvider time, ILogger<FileContentStore> logger)
    : IContentStore, IDisposable
{
    private readonly OpenFiles _open = new(time);
    private readonly Durability _durability = new(paths, logger);
    private readonly ConcurrentDictionary<ContentHash, bool> _writing = new();
    private readonly Lock _evicting = new();
    private long _sizeOnDisk = -1; // unknown until the first commit counts it

    public ValueTask<IStoredContent?> OpenAsync(ContentHash hash, CancellationToken cancellationToken)
    {
        if (_open.TryShare(hash) is { } open)
        {
            return new(new FileStoredContent(open));
        }

        var path = paths.Content(hash);
        try
        {
            if (!_durability.IsUsable(hash))
            {
                return new((IStoredContent?)null);
            }

            // Shared with everybody: then the runtime takes no locks, which cost two calls of the system each time.
            var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Touch(path);
            return new(new FileStoredContent(_open.Share(hash, file, FileStoredContent.ReadPieces(paths.Pieces(hash), RandomAccess.GetLength(file)))));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new((IStoredContent?)null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(path, e.Message);
            return new((IStoredContent?)null);
        }
    }

    public async ValueTask<IPartialContent> BeginAsync(ContentHash hash, long length, CancellationToken cancellationToken)
    {
        EnsureRoom(length);
        if (!_writing.TryAdd(hash, true))
        {
            throw new InvalidOperationException($"{hash} is already being written; a store has one writer per content");
        }

        try
        {
            return await FilePartialContent.OpenAsync(this, hash, length, cancellationToken);
        }
        catch
        {
            Ended(hash);
            throw;
        }
    }

    public async IAsyncEnumerable<StoredContent> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask; // the directory is read as the caller goes
        foreach (var (hash, file) in paths.Enumerate())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_durability.IsUsable(hash))
            {
                continue;
            }

            yield return new StoredContent(hash, file.Length, FileStoredContent.ReadPieces(paths.Pieces(hash), file.Length));
        }
    }

    public ValueTask EvictAsync(ContentHash hash, CancellationToken cancellationToken)
    {
        Delete(hash);
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        _durability.Dispose();
        _open.Dispose();
    }

    internal StorePaths Paths => paths;

    internal Durability Durability => _durability;

    internal void Ended(ContentHash hash) => _writing.TryRemove(hash, out _);

    /// <summary>Counts a new content in, and lets the least recently used go while there are too many bytes.</summary>
    internal void Published(ContentHash hash, long length)
    {
        var quota = options.Value.Quota.Bytes;
        lock (_evicting)
        {
            _sizeOnDisk = _sizeOnDisk < 0 ? paths.Enumerate().Sum(entry => entry.File.Length) : _sizeOnDisk + length;
            if (quota == 0 || _sizeOnDisk <= quota)
            {
                return;
            }

            foreach (var (old, file) in paths.Enumerate().OrderBy(entry => entry.File.LastAccessTimeUtc).ToList())
            {
                // A tenth is freed at once, so that the directory is not walked for every file from now on.
                if (_sizeOnDisk <= quota - (quota / 10))
                {
                    break;
                }

                if (old != hash)
                {
                    _sizeOnDisk -= file.Length;
                    Delete(old);
                }
            }
        }
    }

    private void Delete(ContentHash hash)
    {
        _open.Forget(hash);
        if (File.Exists(paths.Content(hash)))
        {
            File.Delete(paths.Content(hash));
            File.Delete(paths.Pieces(hash));
        }
    }

    private void EnsureRoom(long length)
    {
        var free = new DriveInfo(paths.PartialRoot).AvailableFreeSpace;
        if (free - length < options.Value.KeepFree.Bytes)
        {
            throw new IOException($"the disk of {paths.PartialRoot} has {new ByteSize(free)} left, and [Store] KeepFree is {options.Value.KeepFree}");
        }
    }

    /// <summary>Disks are often mounted with relatime or noatime; eviction needs to know what was used.</summary>
    private void Touch(string path)
    {
        try
        {
            File.SetLastAccessTimeUtc(path, time.GetUtcNow().UtcDateTime);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(path, e.Message);
        }
    }

    [LoggerMessage(1400, LogLevel.Warning, "Stored file {Path} cannot be used: {Reason}")]
    private partial void LogUnreadable(string path, string reason);
}
