namespace AptP2P.Host.Storage;

/// <summary>
/// Calls of a plugin's store, which may throw, block, or never return. To its caller, a call that takes too long has failed as a disk
/// does. Until it returns, the store is not asked again: so it delays one request, and holds few threads.
/// </summary>
/// <param name="limit">How long one call may take.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told when the store fails.</param>
internal sealed partial class StoreCalls(TimeSpan limit, TimeProvider time, ILogger logger) : IDisposable
{
    private const int AtOnce = 16; // calls that run; each may block a thread of the pool

    private readonly SemaphoreSlim _places = new(AtOnce);
    private int _overdue;

    /// <exception cref="IOException">The store did not answer in time, has failed, or is not asked for now.</exception>
    public async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> call, CancellationToken cancellationToken)
    {
        await TakePlaceAsync(cancellationToken);
        var start = new Task<Task<T>>(() => EndAsync(call));
        var running = start.Unwrap();
        var patience = ((Task)running).WaitAsync(limit, time, cancellationToken); // the time counts from before the call
        start.Start(TaskScheduler.Default);
        await patience.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (!running.IsCompleted)
        {
            LeaveAlone(running, isOverdue: !cancellationToken.IsCancellationRequested);
            cancellationToken.ThrowIfCancellationRequested();
            LogOverdue(limit.TotalSeconds);
            throw new IOException($"the store has not answered in {limit.TotalSeconds:0.#} s");
        }

        try
        {
            return await running;
        }
        catch (Exception e) when (e is not (IOException or OperationCanceledException))
        {
            LogFault(e);
            throw new IOException($"the store has a fault: {e.Message}", e);
        }
    }

    public async ValueTask RunAsync(Func<ValueTask> call, CancellationToken cancellationToken) =>
        await RunAsync(async () =>
        {
            await call();
            return true;
        }, cancellationToken);

    public void Dispose() => _places.Dispose();

    private async ValueTask TakePlaceAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _overdue) > 0 || !await _places.WaitAsync(limit, cancellationToken))
        {
            throw new IOException("the store has not come back from what it was asked before");
        }
    }

    private async Task<T> EndAsync<T>(Func<ValueTask<T>> call)
    {
        try
        {
            return await call();
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Waits for a call no longer. What it opens later is closed.</summary>
    private void LeaveAlone<T>(Task<T> running, bool isOverdue)
    {
        var count = isOverdue ? 1 : 0;
        Interlocked.Add(ref _overdue, count);
        running.ContinueWith(
            async late =>
            {
                Interlocked.Add(ref _overdue, -count);
                if (late.IsCompletedSuccessfully && await late is IAsyncDisposable opened)
                {
                    await opened.DisposeAsync();
                }
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    [LoggerMessage(1490, LogLevel.Error, "The store has not answered in {Seconds} s: files are passed through until it does")]
    private partial void LogOverdue(double seconds);

    [LoggerMessage(1491, LogLevel.Error, "The store has a fault")]
    private partial void LogFault(Exception exception);
}
