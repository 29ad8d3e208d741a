using System.Collections.Concurrent;

namespace AptP2P.Testing;

/// <summary>
/// Runs asynchronous code on the calling thread, and lets virtual time go on exactly when nothing else is left to do. What took its turn in
/// one order does so in every run.
/// </summary>
public sealed class SingleThread(VirtualTime time) : SynchronizationContext
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(2); // of virtual time: what runs that long stands still

    private const long LongestTurn = 60_000; // ms that what runs on the pool may take

    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _queue = [];

    public T Run<T>(Func<Task<T>> run)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            var task = run();
            while (!task.IsCompleted)
            {
                if (TryTakeTurn(0))
                {
                    continue;
                }

                SettlePool();
                if (!TryTakeTurn(0) && !time.FireNext(Longest.Ticks) && !TryTakeTurn(10_000))
                {
                    throw new TimeoutException($"Nothing happens any more after {time.Elapsed} of virtual time");
                }
            }

            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public void Run(Func<Task> run) => Run(async () =>
    {
        await run();
        return true;
    });

    public override void Post(SendOrPostCallback d, object? state) => _queue.Add((d, state));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("nothing here waits for another thread");

    private bool TryTakeTurn(int milliseconds)
    {
        if (!_queue.TryTake(out var turn, milliseconds))
        {
            return false;
        }

        turn.Callback(turn.State);
        return true;
    }

    /// <summary>
    /// Cancellation callbacks, and what waits for several tasks at a time, run on the pool; what they post must be here before time goes
    /// on. An item that is being run counts too, so nothing else may use the pool meanwhile: test projects that have this run one test
    /// after the other.
    /// </summary>
    private static void SettlePool()
    {
        var own = Thread.CurrentThread.IsThreadPoolThread ? 1 : 0;
        var began = Environment.TickCount64;
        while (ThreadPool.PendingWorkItemCount > 0 || Working() > own)
        {
            if (Environment.TickCount64 - began > LongestTurn)
            {
                throw new TimeoutException("A thread of the pool is blocked, perhaps by a test that was before");
            }

            Thread.Yield();
        }

        static int Working()
        {
            ThreadPool.GetMaxThreads(out var most, out _);
            ThreadPool.GetAvailableThreads(out var idle, out _);
            return most - idle;
        }
    }
}
