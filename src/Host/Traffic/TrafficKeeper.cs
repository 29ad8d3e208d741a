namespace AptP2P.Host.Traffic;

/// <summary>Looks at the traffic at the end of each minute, and has the database keep it: seldom, since each time wakes the disk.</summary>
internal sealed class TrafficKeeper : IHostedLifecycleService, IDisposable
{
    /// <summary>What looks are at the ends of: the finest steps that are shown.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>
    /// After how long minutes are kept in which nothing came. While something comes they are kept each minute: a crash costs no more.
    /// </summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(15);

    private readonly TrafficHistory _history;
    private readonly TrafficDatabase _database;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private bool _isLoaded;
    private bool _isOver;
    private long _saved;

    public TrafficKeeper(TrafficHistory history, TrafficDatabase database, TimeProvider time)
    {
        (_history, _database, _time, _saved) = (history, database, time, time.GetTimestamp());
        _timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Load();
            SetTimer();
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>All else has stopped, so nothing more comes.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _isOver = true;
            Save();
        }

        return Task.CompletedTask;
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            _history.Look();
            if (_history.HasNews || _time.GetElapsedTime(_saved) >= Idle)
            {
                Save();
            }

            SetTimer();
        }
    }

    private void SetTimer()
    {
        var rest = TimeSpan.FromTicks(_time.GetUtcNow().Ticks % Interval.Ticks);
        _timer.Change(Interval - rest, Timeout.InfiniteTimeSpan);
    }

    private void Load()
    {
        if (!_isLoaded && _database.TryLoad(out var record))
        {
            _isLoaded = true;
            if (record is not null)
            {
                _history.Restore(record);
            }
        }
    }

    /// <remarks>What cannot be read must not be written over: that would be the loss of what may be there again in a minute.</remarks>
    private void Save()
    {
        Load();
        if (_isLoaded && !_database.TrySave(_history.Take()))
        {
            _history.TakeBack();
        }

        _saved = _time.GetTimestamp();
    }
}
