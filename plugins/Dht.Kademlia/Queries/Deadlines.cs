namespace AptP2P.Dht.Kademlia.Queries;

/// <summary>
/// Runs actions at their times, in order, on one timer. Nothing is cancelled: an action itself checks whether it is still needed. Nearly
/// all queries are answered, so that is cheaper than to take their deadlines out of the queue.
/// </summary>
internal sealed class Deadlines : IDisposable
{
    private readonly PriorityQueue<(Action<object?> Action, object? State), (TimeSpan Due, long Sequence)> _queue = new();
    private readonly TimeProvider _time;
    private readonly Lock _gate;
    private readonly long _start;
    private readonly ITimer _timer;
    private TimeSpan _armedFor = TimeSpan.MaxValue;
    private long _sequence;
    private bool _disposed;

    /// <param name="time">The clock.</param>
    /// <param name="gate">The lock that is held while an action runs.</param>
    public Deadlines(TimeProvider time, Lock gate)
    {
        (_time, _gate, _start) = (time, gate, time.GetTimestamp());
        _timer = time.CreateTimer(static self => ((Deadlines)self!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The time since the node was made. All times of the node count from there.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_start);

    public int Count => _queue.Count;

    public DateTimeOffset UtcNow => _time.GetUtcNow();

    public void After(TimeSpan delay, Action<object?> action, object? state)
    {
        var now = Now;
        var due = now + delay;
        _queue.Enqueue((action, state), (due, _sequence++));
        Arm(due, now);
    }

    public void Dispose()
    {
        _disposed = true;
        _timer.Dispose();
    }

    private void Arm(TimeSpan due, TimeSpan now)
    {
        // If the timer is set for an earlier time, it stays: it fires, finds nothing due, and is set again.
        if (due < _armedFor && !_disposed)
        {
            _armedFor = due;
            var wait = due - now;
            _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private void Fire()
    {
        lock (_gate)
        {
            _armedFor = TimeSpan.MaxValue;
            while (!_disposed && _queue.TryPeek(out var entry, out var order))
            {
                var now = Now;
                if (order.Due > now)
                {
                    Arm(order.Due, now);
                    return;
                }

                _queue.Dequeue();
                entry.Action(entry.State);
            }
        }
    }
}
