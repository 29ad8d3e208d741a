namespace AptP2P.Host.Fetching.Building;

/// <summary>Wakes everyone who waits. Take <see cref="Next"/> before looking at the state, or a pulse in between is missed.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _next = Create();

    public Task Next => Volatile.Read(ref _next).Task;

    public void Pulse() => Interlocked.Exchange(ref _next, Create()).TrySetResult();

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
