namespace AptP2P.Testing;

/// <summary>
/// A clock that stands still until it is told to go on. Timers fire on the caller's thread, in order of their due time, then of their
/// making, so that a run with the same seed is the same run.
/// </summary>
public sealed class VirtualTime : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<(VirtualTimer Timer, int Version), (long Due, long Sequence)> _due = new();
    private long _now; // ticks since Epoch
    private long _asleep; // ticks of them that no timer knows of
    private long _sequence;
    private TaskCompletionSource _set = new(TaskCreationOptions.RunContinuationsAsynchronously); // done when a timer is set or stopped next

    /// <summary>Not the machine's, which tests must not depend on.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Elapsed => TimeSpan.FromTicks(Interlocked.Read(ref _now));

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => Epoch + Elapsed + TimeSpan.FromTicks(Interlocked.Read(ref _asleep));

    /// <summary>The machine sleeps: the day goes on, and nothing else does.</summary>
    public void Sleep(TimeSpan time) => Interlocked.Add(ref _asleep, time.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock, firing all that becomes due on the way, timers set meanwhile included.</summary>
    public void Advance(TimeSpan by)
    {
        var end = GetTimestamp() + by.Ticks;
        while (FireNext(end))
        {
        }

        Interlocked.Exchange(ref _now, end);
    }

    /// <summary>Moves the clock to the next timer and fires it.</summary>
    /// <returns><see langword="false"/> when no timer is set, or none up to <paramref name="limit"/> (ticks).</returns>
    public bool FireNext(long limit = long.MaxValue)
    {
        VirtualTimer timer;
        lock (_lock)
        {
            while (true)
            {
                if (!_due.TryPeek(out var next, out var order) || order.Due > limit)
                {
                    return false;
                }

                _due.Dequeue();
                if (next.Timer.Version == next.Version) // else it was changed or disposed since
                {
                    timer = next.Timer;
                    Interlocked.Exchange(ref _now, Math.Max(_now, order.Due));
                    break;
                }
            }
        }

        timer.Fire();
        return true;
    }

    /// <summary>Fires one timer after the other until a task is done that waits for timers and for the real network as well.</summary>
    public async Task<T> RunAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            Task set;
            lock (_lock)
            {
                set = _set.Task;
            }

            if (!FireNext())
            {
                await Task.WhenAny(task, set);
            }
        }

        return await task;
    }

    private void Schedule(VirtualTimer timer, TimeSpan dueTime)
    {
        lock (_lock)
        {
            var set = _set;
            _set = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            set.SetResult();
            timer.Version++;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                _due.Enqueue((timer, timer.Version), (_now + dueTime.Ticks, _sequence++));
            }
        }
    }

    private sealed class VirtualTimer(VirtualTime clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public int Version { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            clock.Schedule(this, dueTime);
            return true;
        }

        public void Fire()
        {
            if (_period > TimeSpan.Zero)
            {
                clock.Schedule(this, _period);
            }

            callback(state);
        }

        public void Dispose() => clock.Schedule(this, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
