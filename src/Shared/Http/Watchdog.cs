namespace AptP2P.Shared.Http;

/// <summary>
/// Cancels work that has been silent for too long, by the clock it is given, and tells that apart from a caller who no longer wants it.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _bark;
    private readonly CancellationTokenRegistration _link;

    public Watchdog(TimeProvider time, CancellationToken caller)
    {
        _caller = caller;
        _bark = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time); // made with a clock, CancelAfter goes by it
        _link = caller.UnsafeRegister(static bark => ((CancellationTokenSource)bark!).Cancel(), _bark);
    }

    public CancellationToken Token => _bark.Token;

    /// <summary>Whether time ran out, rather than the caller's patience.</summary>
    public bool HasBarked => _bark.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>From now on, this long.</summary>
    public void Watch(TimeSpan limit) => _bark.CancelAfter(limit);

    /// <summary>Silence is nobody's fault now.</summary>
    public void Rest() => _bark.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _link.Dispose();
        _bark.Dispose();
    }
}
