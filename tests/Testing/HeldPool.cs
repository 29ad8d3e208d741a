namespace AptP2P.Testing;

/// <summary>
/// Holds the thread pool to one thread, which works only when it is let: the holder and the pool take turns, and what is queued is run in
/// one order. Nothing else may need the pool meanwhile, so tests that use this run one after the other.
/// </summary>
internal sealed class HeldPool : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1); // that one item may take

    private readonly (int Most, int Least) _threads;
    private readonly SemaphoreSlim _isHeld = new(0);
    private readonly SemaphoreSlim _turn = new(0); // of the one thread
    private readonly ManualResetEventSlim _end = new(); // for which the others wait

    public HeldPool()
    {
        ThreadPool.GetMaxThreads(out var most, out var mostPorts);
        ThreadPool.GetMinThreads(out var least, out var leastPorts);
        _threads = (most, least);
        var own = Thread.CurrentThread.IsThreadPoolThread ? 1 : 0; // it waits too
        var threads = Math.Max(least, own + 1); // there cannot be fewer than processors
        ThreadPool.SetMinThreads(threads, leastPorts);
        ThreadPool.SetMaxThreads(threads, mostPorts);
        for (var other = own + 1; other < threads; other++)
        {
            Queue(_ => Hold(_end.Wait));
        }

        QueueHold();
        for (var thread = own; thread < threads; thread++)
        {
            AwaitHeld();
        }

        while (ThreadPool.PendingWorkItemCount > 0) // in the held threads' own queues: once empty, they stay so
        {
            _turn.Release();
            SpinWait.SpinUntil(() => ThreadPool.PendingWorkItemCount == 0, Longest);
            QueueHold();
            AwaitHeld();
        }
    }

    /// <summary>Lets the pool run what is queued, and what that queues.</summary>
    /// <returns>Whether it had anything to do.</returns>
    public bool Settle()
    {
        var had = false;
        while (ThreadPool.PendingWorkItemCount > 0)
        {
            had = true;
            QueueHold(); // behind all the rest
            _turn.Release();
            AwaitHeld();
        }

        return had;
    }

    public void Dispose()
    {
        ThreadPool.GetMaxThreads(out _, out var mostPorts);
        ThreadPool.GetMinThreads(out _, out var leastPorts);
        ThreadPool.SetMaxThreads(_threads.Most, mostPorts);
        ThreadPool.SetMinThreads(_threads.Least, leastPorts);
        _end.Set();
        _turn.Release();
    }

    private void QueueHold() => Queue(_ => Hold(_turn.Wait));

    private void Hold(Action wait)
    {
        _isHeld.Release();
        wait();
    }

    private void AwaitHeld()
    {
        if (!_isHeld.Wait(Longest))
        {
            throw new TimeoutException("A thread of the pool is blocked, perhaps by a test that was before");
        }
    }

    private static void Queue(WaitCallback callback) => ThreadPool.UnsafeQueueUserWorkItem(callback, null);
}
