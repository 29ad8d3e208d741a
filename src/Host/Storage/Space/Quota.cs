using Microsoft.Extensions.Options;

namespace AptP2P.Host.Storage.Space;

/// <summary>How much room the disk has for others than root.</summary>
internal delegate long FreeSpace();

/// <summary>Which of these contents a known index names. Nobody will ask for the rest.</summary>
internal delegate IReadOnlySet<ContentHash> NamedContents(IReadOnlySet<ContentHash> contents);

/// <summary>
/// Keeps the store within <c>[Store] Quota</c>, and <c>KeepFree</c> free on the disk: removes what is needed least, and says when nothing
/// more can be stored.
/// </summary>
internal sealed partial class Quota(
    Inventory inventory, Func<Removable, bool> remove, IOptions<QuotaOptions> options, FreeSpace free, NamedContents named,
    TimeProvider time, ILogger logger)
{
    /// <summary>How long a request waits for room at most: apt should not notice that the disk is full.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>How long it is not tried again to make room that could not be made.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Of what is stored, so much more is freed than is needed, so that it is not looked through again for each file from now on.
    /// </summary>
    private const int MoreByOneOf = 10;

    /// <summary>When less room than this part of what is stored is left, more is made before anybody has to wait for it.</summary>
    private const int AheadByOneOf = 20;

    /// <summary>How many bytes are written between two looks at the disk, which others fill as well.</summary>
    private const long LookEvery = 32L << 20;

    private readonly Lock _lock = new();
    private Task _making = Task.CompletedTask;
    private long _written;
    private long _makingSince;
    private (long Length, long Since)? _vain;
    private long _evictedFiles, _evictedBytes;
    private long _refused; // the length for which there was no room

    /// <summary>Why nothing more is stored, if so.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Whether that is since the disk is full, and not the store's part of it.</summary>
    public bool IsDiskFull { get; private set; }

    /// <summary>How many files were removed for others since the start.</summary>
    public long EvictedFiles => Interlocked.Read(ref _evictedFiles);

    /// <summary>How many bytes they had.</summary>
    public long EvictedBytes => Interlocked.Read(ref _evictedBytes);

    public QuotaOptions Limits => options.Value;

    public long Free => free();

    /// <summary>Makes sure that a content may be written, and removes others for it.</summary>
    /// <exception cref="IOException">It must not be stored.</exception>
    public async ValueTask EnsureRoomAsync(long length)
    {
        if (Limits.Quota.Bytes > 0 && length > Limits.Quota.Bytes / 2)
        {
            throw new IOException($"{new ByteSize(length)} are more than half of [Store] Quota, {Limits.Quota}");
        }

        var missing = Missing(length);
        var ahead = inventory.ContentBytes / AheadByOneOf;
        if (missing > 0)
        {
            await WaitForRoomAsync(length);
            missing = Missing(length);
        }
        else if (missing + ahead > 0)
        {
            _ = MakeRoomAsync(length + ahead);
        }

        if (missing > 0)
        {
            throw new IOException(Stop(length));
        }

        GoOn();
    }

    /// <summary>
    /// Takes note of bytes that were written, and looks at the disk from time to time: it may fill while a file comes in.
    /// </summary>
    public void Wrote(int count)
    {
        if (Interlocked.Add(ref _written, count) >= LookEvery)
        {
            Interlocked.Exchange(ref _written, 0);
            Look();
        }
    }

    /// <summary>Removes files if there is too little room by now. Nobody waits for it.</summary>
    public Task Look()
    {
        var making = Missing(0) > 0 ? MakeRoomAsync(0) : Task.CompletedTask;
        GoOn();
        return making;
    }

    /// <summary>Removes files until this many bytes have room. Once at a time: whoever asks meanwhile waits for the same.</summary>
    public Task MakeRoomAsync(long length)
    {
        lock (_lock)
        {
            if (_making.IsCompleted && !(_vain is { } vain && length >= vain.Length && time.GetElapsedTime(vain.Since) < Pause))
            {
                _makingSince = time.GetTimestamp();
                _making = Task.Run(() => FreeAsync(length));
            }

            return _making;
        }
    }

    /// <summary>Waits once, however many come: they begin one after the other.</summary>
    private async Task WaitForRoomAsync(long length)
    {
        var making = MakeRoomAsync(length);
        var left = Patience - time.GetElapsedTime(_makingSince);
        if (left > TimeSpan.Zero)
        {
            await making.WaitAsync(left, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FreeAsync(long length)
    {
        // what could not be read cannot be removed
        await inventory.LoadAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var files = inventory.Removable();
        var missing = Missing(length);
        if (missing > files.Sum(file => file.Bytes))
        {
            missing = Missing(0); // all would not be enough: nothing is removed in vain, for a length that an index only claims
        }

        var (left, freed, count) = (missing + (inventory.ContentBytes / MoreByOneOf), 0L, 0);
        foreach (var old in missing > 0 ? InOrder(files) : [])
        {
            if (freed >= left)
            {
                break;
            }

            if (remove(old))
            {
                freed += old.Bytes;
                count++;
            }
        }

        lock (_lock)
        {
            _vain = Missing(length) > 0 ? (length, time.GetTimestamp()) : null;
        }

        Interlocked.Add(ref _evictedFiles, count);
        Interlocked.Add(ref _evictedBytes, freed);
        if (count > 0)
        {
            LogFreed(count, new ByteSize(freed));
        }
    }

    private IEnumerable<Removable> InOrder(List<Removable> files)
    {
        var wanted = named(files.Select(file => file.Hash).ToHashSet());
        return files.OrderBy(file => wanted.Contains(file.Hash)).ThenBy(file => file.Used);
    }

    /// <summary>How many bytes must go before this many can come; nothing or less when there is room.</summary>
    private long Missing(long length)
    {
        var onDisk = MissingOnDisk(length);
        var ofQuota = Limits.Quota.Bytes > 0 ? (Int128)inventory.Bytes + length - Limits.Quota.Bytes : Int128.MinValue;
        // an index may claim any length
        return (long)Int128.Clamp(Int128.Max(onDisk, ofQuota), long.MinValue / 2, long.MaxValue / 2);
    }

    private Int128 MissingOnDisk(long length) => (Int128)Limits.KeepFree.Bytes - free() + length;

    private string Stop(long length)
    {
        lock (_lock)
        {
            var isNew = Refusal is null;
            (_refused, IsDiskFull) = (length, MissingOnDisk(length) > 0);
            Refusal = $"the disk has {new ByteSize(free())} left, and [Store] KeepFree is {Limits.KeepFree}; "
                + $"the store has {new ByteSize(inventory.Bytes)}, and [Store] Quota is {Limits.Quota}";
            if (isNew)
            {
                LogStopped(Refusal);
            }

            return Refusal;
        }
    }

    private void GoOn()
    {
        if (Refusal is null)
        {
            return;
        }

        lock (_lock)
        {
            if (Refusal is not null && Missing(_refused) <= 0)
            {
                Refusal = null;
                LogGoesOn();
            }
        }
    }

    [LoggerMessage(
        1404, LogLevel.Warning, "There is no room to store what is fetched: {Reason}. Until there is, files are passed on as they come")]
    private partial void LogStopped(string reason);

    [LoggerMessage(1405, LogLevel.Information, "There is room again, and what is fetched is stored")]
    private partial void LogGoesOn();

    [LoggerMessage(1406, LogLevel.Information, "{Files} stored files with {Size} made room for others")]
    private partial void LogFreed(int files, ByteSize size);
}
