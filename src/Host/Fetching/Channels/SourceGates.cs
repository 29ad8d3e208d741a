using System.Runtime.CompilerServices;

namespace AptP2P.Host.Fetching.Channels;

/// <summary>
/// What a source's code may hold up. A call returns its task at once, or it blocks the thread that it is made on, and a task ends when it
/// is told to, or never. A few such calls must cost neither all threads of the pool nor ever more memory: then the source is left out, and
/// fetches go on without it.
/// </summary>
internal sealed class SourceGates
{
    private const int AtOnce = 4; // calls that have not returned; those of a good source take microseconds
    private const int MaxLeft = 32; // tasks that have not ended though they were told to

    private readonly ConditionalWeakTable<ISource, Gate> _gates = [];

    /// <summary>Makes a call when there is room for it. Until then nothing is held but the wait.</summary>
    /// <returns>What the call returned.</returns>
    public async Task<T> StartAsync<T>(ISource source, Func<T> call, CancellationToken cancellationToken)
    {
        var gate = _gates.GetOrCreateValue(source);
        await gate.Calls.WaitAsync(cancellationToken);
        try
        {
            return call();
        }
        finally
        {
            gate.Calls.Release();
        }
    }

    /// <summary>Leaves a task to itself.</summary>
    public void Leave(ISource? source, Task task)
    {
        if (source is not null && !task.IsCompleted)
        {
            var gate = _gates.GetOrCreateValue(source);
            Interlocked.Increment(ref gate.Left);
            task.ContinueWith(
                _ => Interlocked.Decrement(ref gate.Left), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    /// <summary>Whether too much of a source was left to itself: it is not asked until some of that has ended.</summary>
    public bool IsLeftOut(ISource source) => _gates.TryGetValue(source, out var gate) && Volatile.Read(ref gate.Left) >= MaxLeft;

    private sealed class Gate
    {
        public int Left;

        public SemaphoreSlim Calls { get; } = new(AtOnce);
    }
}
