using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using AptP2P.Host.Storage.Files;

namespace AptP2P.Host.Storage.Checking;

/// <summary>
/// Verifies a stored content when there is a reason to doubt it: it was right when it was stored, but disks forget. What is damaged is
/// removed, so that it is fetched again.
/// </summary>
internal sealed partial class StoreCheck(IContentStore store, TimeProvider time, ILogger<StoreCheck> logger) : IAsyncDisposable
{
    private const int ReadSize = 1 << 20;
    private const int MaxRemembered = 4_096; // contents verified lately, or suspected: clients decide which
    private const int AtOnce = 2; // files that are hashed for requests at a time: each takes a processor

    // The pause after each read of a check that nobody waits for: it leaves the disk to others.
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(30);

    /// <summary>
    /// How long a content that was found right is not doubted again: a client that repeats a request must not have its file hashed
    /// each time.
    /// </summary>
    public static readonly TimeSpan DoubtAgain = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<ContentHash, long> _verified = new();
    private readonly ConcurrentDictionary<ContentHash, bool> _suspects = new();
    private readonly ConcurrentDictionary<ContentHash, Lazy<Task<StoreVerdict>>> _running = new();
    private readonly SemaphoreSlim _slots = new(AtOnce);
    private readonly CancellationTokenSource _stop = new();
    private long _right;
    private long _damaged;

    /// <summary>Raised when a content was found damaged. Handlers return at once.</summary>
    public event Action<ContentHash>? Removed;

    /// <summary>How many contents were found right.</summary>
    public long Right => Interlocked.Read(ref _right);

    /// <summary>How many contents were found damaged.</summary>
    public long Damaged => Interlocked.Read(ref _damaged);

    /// <summary>Opens a content if its file has the right length and is not suspected.</summary>
    public async ValueTask<IStoredContent?> OpenAsync(Content content, CancellationToken cancellationToken)
    {
        if (_suspects.ContainsKey(content.Hash)
            && !IsVerified(content.Hash, DoubtAgain)
            && await VerifyAsync(content.Hash, cancellationToken) != StoreVerdict.Right)
        {
            return null;
        }

        var stored = await store.OpenAsync(content.Hash, cancellationToken);
        if (stored is null || stored.Length == content.Length)
        {
            return stored;
        }

        await stored.DisposeAsync();
        if (!IsVerified(content.Hash, DoubtAgain))
        {
            await VerifyAsync(content.Hash, cancellationToken); // its file was cut, or the index lies: a lie must not remove what is right
        }

        return null;
    }

    /// <summary>Has a content verified before it is opened next, unless that was just done. It could not be sent whole.</summary>
    public void Suspect(ContentHash hash)
    {
        if (_suspects.Count < MaxRemembered)
        {
            _suspects[hash] = true;
        }
    }

    /// <summary>Whether a content was found right within this time.</summary>
    public bool IsVerified(ContentHash hash, TimeSpan within) =>
        _verified.TryGetValue(hash, out var since) && time.GetElapsedTime(since) < within;

    /// <summary>
    /// Verifies a content. All who ask for the same content wait for one check, which runs to its end even if they leave: to ask again
    /// makes no more work.
    /// </summary>
    public async Task<StoreVerdict> VerifyAsync(ContentHash hash, CancellationToken cancellationToken)
    {
        var running = _running.GetOrAdd(hash, key => new Lazy<Task<StoreVerdict>>(() => Task.Run(() => RunAsync(key))));
        return await running.Value.WaitAsync(cancellationToken);
    }

    /// <summary>Verifies all that is stored, in order of the hashes, and says of each what was found.</summary>
    /// <param name="after">The hash behind which to begin; nothing for all.</param>
    /// <param name="gently">Whether to leave the disk to others between reads.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public async IAsyncEnumerable<(StoredContent Content, StoreVerdict Verdict)> VerifyAllAsync(
        ContentHash? after, bool gently, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = await store.ListAsync(cancellationToken).Where(content => after is null || content.Hash > after)
            .Select(content => content with { Pieces = null }).ToListAsync(cancellationToken);
        foreach (var content in left.OrderBy(content => content.Hash))
        {
            yield return (content, await JudgeAsync(content.Hash, gently ? Breath : TimeSpan.Zero, cancellationToken));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var running in _running.Values)
        {
            await ((Task)running.Value).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _stop.Dispose();
        _slots.Dispose();
    }

    private async Task<StoreVerdict> RunAsync(ContentHash hash)
    {
        try
        {
            await _slots.WaitAsync(_stop.Token);
            try
            {
                return await JudgeAsync(hash, TimeSpan.Zero, _stop.Token);
            }
            finally
            {
                _slots.Release();
            }
        }
        finally
        {
            _running.TryRemove(hash, out _);
        }
    }

    private async Task<StoreVerdict> JudgeAsync(ContentHash hash, TimeSpan pause, CancellationToken cancellationToken)
    {
        await using var content = await OpenAsync(hash, cancellationToken);
        if (content is null)
        {
            _suspects.TryRemove(hash, out _);
            return StoreVerdict.Gone;
        }

        try
        {
            if (await HashAsync(content, pause, cancellationToken) == hash)
            {
                Interlocked.Increment(ref _right);
                _suspects.TryRemove(hash, out _);
                Remember(hash);
                return StoreVerdict.Right;
            }

            await RemoveAsync(hash, "its bytes have changed");
        }
        catch (IOException e)
        {
            await RemoveAsync(hash, e.Message);
        }

        return StoreVerdict.Damaged;
    }

    /// <summary>
    /// Opens a content without using it: a check must not keep it from being evicted, and a file that is open already may no longer be the
    /// one on the disk.
    /// </summary>
    private ValueTask<IStoredContent?> OpenAsync(ContentHash hash, CancellationToken cancellationToken) =>
        store is FileContentStore files ? new(files.Peek(hash)) : store.OpenAsync(hash, cancellationToken);

    private async Task<ContentHash> HashAsync(IStoredContent content, TimeSpan pause, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            var position = 0L;
            for (
                int count;
                (count = await content.ReadAsync(position, buffer.AsMemory(0, ReadSize), cancellationToken)) > 0;
                position += count)
            {
                hash.AppendData(buffer.AsSpan(0, count));
                if (pause > TimeSpan.Zero)
                {
                    await Task.Delay(pause, time, cancellationToken);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return new ContentHash(hash.GetHashAndReset());
    }

    private void Remember(ContentHash hash)
    {
        if (_verified.Count >= MaxRemembered)
        {
            _verified.Clear(); // at worst, some are verified once more
        }

        _verified[hash] = time.GetTimestamp();
    }

    private async Task RemoveAsync(ContentHash hash, string reason)
    {
        Interlocked.Increment(ref _damaged);
        _verified.TryRemove(hash, out _);
        LogDamaged(hash, reason);
        try
        {
            await store.EvictAsync(hash, CancellationToken.None);
            _suspects.TryRemove(hash, out _);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Suspect(hash); // so that nobody gets it
            LogNotRemoved(hash, e.Message);
        }

        Removed?.Invoke(hash);
    }

    [LoggerMessage(
        1410, LogLevel.Warning, "Stored file {Hash} is damaged and was removed: {Reason}. It is fetched again when somebody wants it")]
    private partial void LogDamaged(ContentHash hash, string reason);

    [LoggerMessage(1411, LogLevel.Error, "Damaged file {Hash} cannot be removed: {Reason}")]
    private partial void LogNotRemoved(ContentHash hash, string reason);
}
