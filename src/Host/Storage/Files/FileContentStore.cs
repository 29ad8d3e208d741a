using System.Runtime.CompilerServices;
using AptP2P.Host.Storage.Space;
using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;

namespace AptP2P.Host.Storage.Files;

/// <summary>
/// The default store: a file per content, named by its hash, immutable, published by rename. A crash leaves complete
/// contents, and partials that are continued later. After a power cut a file may be neither: <see cref="Durability"/> verifies those.
/// </summary>
internal sealed partial class FileContentStore : IContentStore, IDisposable
{
    /// <summary>
    /// The copies for outages may take one part in so many of the quota: a client that asks for invented suites must not push packages out.
    /// </summary>
    private const int CopiesByOneOf = 20;

    private readonly StorePaths _paths;
    private readonly OpenFiles _open;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public FileContentStore(
        StorePaths paths, IOptions<QuotaOptions> options, FreeSpace free, NamedContents named, TimeProvider time,
        ILogger<FileContentStore> logger)
    {
        (_paths, _open, _time, _logger) = (paths, new OpenFiles(time), time, logger);
        Durability = new Durability(paths, logger);
        Inventory = new Inventory(paths);
        Quota = new Quota(Inventory, TryRemove, options, free, named, time, logger);
    }

    internal StorePaths Paths => _paths;

    internal Durability Durability { get; }

    internal Inventory Inventory { get; }

    internal Quota Quota { get; }

    /// <summary>A content made room for others.</summary>
    internal event Action<ContentHash>? Removed;

    public ValueTask<IStoredContent?> OpenAsync(ContentHash hash, CancellationToken cancellationToken) =>
        new(_open.TryShare(hash) is { } open ? new FileStoredContent(open)
            : Inventory.MayHave(hash) && TryOpen(hash) is { } file ? new FileStoredContent(_open.Share(hash, file, ReadPieces(hash, file)))
            : null);

    public async ValueTask<IPartialContent> BeginAsync(ContentHash hash, long length, CancellationToken cancellationToken)
    {
        await Quota.EnsureRoomAsync(length);
        if (!Inventory.TryBegin(hash, length, Now))
        {
            throw new InvalidOperationException($"{hash} is already being written; a store has one writer per content");
        }

        try
        {
            return FilePartialContent.Open(this, hash, length);
        }
        catch
        {
            Inventory.End(hash, 0, Now);
            throw;
        }
    }

    public async IAsyncEnumerable<StoredContent> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask; // the folders are read while the caller enumerates
        foreach (var (hash, file) in _paths.Enumerate())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Durability.IsUsable(hash) || !file.Exists)
            {
                continue;
            }

            Inventory.Adopt(hash, new StoredFile(file.Length, file.LastWriteTimeUtc, file.LastAccessTimeUtc));
            yield return new StoredContent(hash, file.Length, FileStoredContent.ReadPieces(_paths.Pieces(hash), file.Length));
        }
    }

    public ValueTask EvictAsync(ContentHash hash, CancellationToken cancellationToken)
    {
        Delete(hash);
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        Durability.Dispose();
        _open.Dispose();
    }

    /// <summary>Opens a content to verify it, which does not count as use.</summary>
    internal IStoredContent? Peek(ContentHash hash)
    {
        if (!Inventory.MayHave(hash))
        {
            return null;
        }

        try
        {
            var file = File.OpenHandle(_paths.Content(hash), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new FileStoredContent(new OpenFile(hash, file, null, 0));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            Inventory.Remove(hash);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(_paths.Content(hash), e.Message);
        }

        return null;
    }

    /// <summary>Removes partials that nobody has continued for long.</summary>
    internal int RemovePartials(DateTime before) =>
        Inventory.Removable().Count(file => file.IsPartial && file.Used < before && TryRemove(file));

    /// <summary>Removes copies for outages that nobody has used for long, or that are too many.</summary>
    internal void TidyCopies(DateTime before) =>
        Inventory.SetOthers(
            OutageCopies.Tidy(
                new DirectoryInfo(_paths.Metadata), before,
                Quota.Limits.Quota.Bytes is > 0 and var bytes ? bytes / CopiesByOneOf : long.MaxValue));

    /// <summary>Notes that a content was published.</summary>
    internal void Published(ContentHash hash, SafeFileHandle file, long length) =>
        Inventory.Set(hash, new StoredFile(length, File.GetLastWriteTimeUtc(file), Now));

    internal DateTime Now => _time.GetUtcNow().UtcDateTime;

    private SafeFileHandle? TryOpen(ContentHash hash)
    {
        var path = _paths.Content(hash);
        SafeFileHandle? file = null;
        try
        {
            if (!Durability.IsUsable(hash))
            {
                return null;
            }

            // Shared with everybody: then the runtime takes no file locks, which cost two system calls each time.
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var now = new StoredFile(RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file), Now);
            if (Inventory.Find(hash) is { } before && !IsUntouched(before, now) && !Durability.IsRight(hash))
            {
                file.Dispose();
                Delete(hash);
                return null;
            }

            Inventory.Set(hash, now);
            Touch(path, now.Used);
            return file;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            Inventory.Remove(hash); // deleted by hand
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(path, e.Message);
        }

        file?.Dispose();
        return null;
    }

    /// <summary>Notes the use on the disk itself, which may be mounted with noatime: the next start needs it for eviction.</summary>
    private void Touch(string path, DateTime now)
    {
        try
        {
            File.SetLastAccessTimeUtc(path, now);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(path, e.Message);
        }
    }

    /// <summary>Published files are never written to. One that somebody has written to is verified.</summary>
    private static bool IsUntouched(in StoredFile before, in StoredFile now) =>
        before.Length == now.Length && before.Written == now.Written;

    private PieceList? ReadPieces(ContentHash hash, SafeFileHandle file) =>
        FileStoredContent.ReadPieces(_paths.Pieces(hash), RandomAccess.GetLength(file));

    private bool TryRemove(Removable file)
    {
        try
        {
            if (file.IsPartial)
            {
                return Inventory.TryRemovePartial(file.Hash, DeletePartial);
            }

            Delete(file.Hash);
            Removed?.Invoke(file.Hash);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(_paths.Content(file.Hash), e.Message);
            return false;
        }
    }

    private void DeletePartial(ContentHash hash)
    {
        File.Delete(_paths.Partial(hash));
        File.Delete(_paths.Marks(hash));
    }

    private void Delete(ContentHash hash)
    {
        _open.Forget(hash);
        if (File.Exists(_paths.Content(hash)))
        {
            File.Delete(_paths.Content(hash));
            File.Delete(_paths.Pieces(hash));
        }

        Inventory.Remove(hash);
    }

    [LoggerMessage(1400, LogLevel.Warning, "Stored file {Path} cannot be used: {Reason}")]
    private partial void LogUnreadable(string path, string reason);
}
