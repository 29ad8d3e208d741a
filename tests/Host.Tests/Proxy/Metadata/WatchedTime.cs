using System.Collections.Concurrent;

namespace AptP2P.Host.Tests.Proxy.Metadata;

/// <summary>A clock that tells when somebody has begun to wait, so that a test does not move it too early.</summary>
internal sealed class WatchedTime(TimeProvider clock) : TimeProvider
{
    private readonly ConcurrentDictionary<TimeSpan, SemaphoreSlim> _set = new();

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = clock.CreateTimer(callback, state, dueTime, period);
        Of(dueTime).Release();
        return timer;
    }

    /// <summary>Waits until one more timer was set for this time.</summary>
    public Task SetAsync(TimeSpan dueTime, CancellationToken cancellationToken) => Of(dueTime).WaitAsync(cancellationToken);

    /// <summary>Forgets the timers that were set for this time so far.</summary>
    public void Forget(TimeSpan dueTime) => _set.TryRemove(dueTime, out _);

    private SemaphoreSlim Of(TimeSpan dueTime) => _set.GetOrAdd(dueTime, _ => new SemaphoreSlim(0));
}
