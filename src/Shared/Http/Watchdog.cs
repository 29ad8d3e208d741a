namespace AptP2P.Shared.Http;

/// <summary>
/// Cancels work when nothing comes for too long, by the clock that it is given. It tells that from a caller who no longer wants the work.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _limit;
    private readonly CancellationTokenRegistration _link;

    public Watchdog(TimeProvider time, CancellationToken caller)
    {
        _caller = caller;
        _limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time); // made with a clock, CancelAfter goes by it
        _link = caller.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), _limit);
    }

    public CancellationToken Token => _limit.Token;

    /// <summary>Whether time ran out, and the caller did not cancel.</summary>
    public bool HasTimedOut => _limit.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>Starts counting: work that takes longer than this from now on is cancelled.</summary>
    public void Watch(TimeSpan limit) => _limit.CancelAfter(limit);

    /// <summary>Stops counting.</summary>
    public void Rest() => _limit.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _link.Dispose();
        _limit.Dispose();
    }
}
