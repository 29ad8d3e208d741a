namespace AptP2P.Bench;

/// <summary>A line of limited width that several share: first come, first served.</summary>
internal sealed class Pace(double bytesPerSecond)
{
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(20); // what timers may be late without slowing the line

    private readonly Lock _lock = new();
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private TimeSpan _busyUntil;

    public Task WaitAsync(int bytes, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            var now = TimeProvider.System.GetElapsedTime(_began);
            _busyUntil = (_busyUntil > now - Burst ? _busyUntil : now - Burst) + TimeSpan.FromSeconds(bytes / bytesPerSecond);
            wait = _busyUntil - now;
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, TimeProvider.System, cancellationToken) : Task.CompletedTask;
    }
}
