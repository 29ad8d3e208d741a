using System.Runtime.CompilerServices;

namespace AptP2P.Host.Fetching.Channels;

/// <summary>
/// Limits what a source's code may hold up. A call should return its task at once, but it may block its thread; a task should end when it
/// is told to, but it may never end. That must cost neither all threads of the pool nor ever more memory. A source that holds up too much
/// is left out, and fetches go on without it.
/// </summary>
internal sealed class SourceGates
{
    private const int AtOnce = 4; // calls that have not returned; those of a good source take microseconds
    private const int MaxLeft = 32; // tasks that have not ended though they were told to

    private readonly ConditionalWeakTable<ISource, Gate> _gates = [];

    /// <summary>Makes a call when there is room for it. Until then no thread is held.</summary>
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

    /// <summary>Leaves a task to itself, and counts it as long as it runs.</summary>
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

    /// <summary>Whether too many tasks of a source were left to themselves: it is not asked until some of them have ended.</summary>
    public bool IsLeftOut(ISource source) => _gates.TryGetValue(source, out var gate) && Volatile.Read(ref gate.Left) >= MaxLeft;

    private sealed class Gate
    {
        public int Left;

        public SemaphoreSlim Calls { get; } = new(AtOnce);
    }
}
