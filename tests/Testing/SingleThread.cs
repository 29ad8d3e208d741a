using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace AptP2P.Testing;

/// <summary>
/// Runs asynchronous code on one thread. When that has nothing left to do, the pool has its turn; when neither has, virtual time goes on.
/// So a run with the same seed is the same run, whatever else the machine does.
/// </summary>
public sealed class SingleThread(VirtualTime time) : SynchronizationContext
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(2); // of virtual time: what runs that long stands still

    private const int TurnsInARow = 50; // before the pool has its own: what waits for the pool may try again and again

    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _queue = [];

    public T Run<T>(Func<Task<T>> run)
    {
        using var pool = new HeldPool();
        var result = default(T)!;
        ExceptionDispatchInfo? failure = null;
        // Not on a thread of the pool: what those queue does not go where all else is queued, and would be taken in another order.
        var thread = new Thread(() =>
        {
            try
            {
                result = Run(run, pool);
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    public void Run(Func<Task> run) => Run(async () =>
    {
        await run();
        return true;
    });

    public override void Post(SendOrPostCallback d, object? state) => _queue.Add((d, state));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("nothing here waits for another thread");

    private T Run<T>(Func<Task<T>> run, HeldPool pool)
    {
        SetSynchronizationContext(this);
        var task = run();
        while (true)
        {
            var turns = 0;
            while (turns < TurnsInARow && TryTakeTurn(0))
            {
                turns++;
            }

            if (pool.Settle() || turns == TurnsInARow)
            {
                continue;
            }

            if (task.IsCompleted)
            {
                return task.GetAwaiter().GetResult();
            }

            if (!time.FireNext(Longest.Ticks) && !TryTakeTurn(10_000))
            {
                throw new TimeoutException($"Nothing happens any more after {time.Elapsed} of virtual time");
            }
        }
    }

    private bool TryTakeTurn(int milliseconds)
    {
        if (!_queue.TryTake(out var turn, milliseconds))
        {
            return false;
        }

        turn.Callback(turn.State);
        return true;
    }
}
