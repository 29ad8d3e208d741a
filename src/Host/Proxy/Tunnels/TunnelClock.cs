namespace AptP2P.Host.Proxy.Tunnels;

/// <summary>
/// Ends a tunnel after a time without traffic. While the daemon stops, that time is short, since a client may keep a tunnel open for
/// nothing. A portion that a slow side still has to take is waited for in any case.
/// </summary>
internal sealed class TunnelClock : IDisposable
{
    /// <summary>
    /// How long nothing may pass while the daemon stops: about what an answer that was asked for needs to begin. What is then at rest does
    /// not delay the stop.
    /// </summary>
    private static readonly TimeSpan StopIdle = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _idleTime;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenRegistration _stop;
    private readonly Lock _lock = new();
    private long _last; // when a portion was passed on
    private int _underWay; // portions, at most one each way

    /// <param name="idleTime">How long nothing may pass while the daemon does not stop.</param>
    /// <param name="time">The time.</param>
    /// <param name="stopping">Cancelled when the daemon begins to stop.</param>
    public TunnelClock(TimeSpan idleTime, TimeProvider time, CancellationToken stopping)
    {
        (_idleTime, _time, _stopping, _last) = (idleTime, time, stopping, time.GetTimestamp());
        _end = new CancellationTokenSource(idleTime, time);
        _stop = stopping.UnsafeRegister(static clock => ((TunnelClock)clock!).Stop(), this);
    }

    /// <summary>Cancelled when the tunnel has to end.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>What the end is, when it comes of the time.</summary>
    public TunnelEnd Verdict
    {
        get
        {
            lock (_lock)
            {
                return _stopping.IsCancellationRequested && _underWay == 0 ? TunnelEnd.Quiet : TunnelEnd.Cut;
            }
        }
    }

    /// <summary>Ends the tunnel, since one of its ways has failed.</summary>
    public Task CutAsync() => _end.CancelAsync();

    /// <summary>A portion has come from one side.</summary>
    public void Came()
    {
        lock (_lock)
        {
            _underWay++;
            _end.CancelAfter(_idleTime);
        }
    }

    /// <summary>The other side has it.</summary>
    public void Passed()
    {
        lock (_lock)
        {
            _last = _time.GetTimestamp();
            _underWay--;
            if (_stopping.IsCancellationRequested)
            {
                EndWhenQuiet();
            }
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _end.Dispose();
    }

    private void Stop()
    {
        lock (_lock)
        {
            EndWhenQuiet();
        }
    }

    private void EndWhenQuiet()
    {
        if (_underWay == 0)
        {
            var left = StopIdle - _time.GetElapsedTime(_last);
            _end.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
    }
}
