using System.Net.NetworkInformation;

namespace AptP2P.Host.Links;

/// <summary>
/// Notices that the machine has come to another network, or may have while it slept. The system does not tell of everything, so it is
/// looked at now and then, too.
/// </summary>
internal sealed partial class NetworkWatch(
    MachineAddresses machine, NetworkEvents events, TimeProvider time, ILogger<NetworkWatch> logger) : IHostedLifecycleService
{
    /// <summary>How soon a change is noticed of which the system does not tell. A look costs a millisecond.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>How long all must stay as it is before those who wait are told: addresses come one after the other.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    /// <summary>How often a network that does not settle is looked at before those who wait are told all the same.</summary>
    public const int MostLooks = 5;

    /// <summary>How long further words of the system are waited for. A container's start brings many.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    /// <summary>How much more of the day must have passed than the machine was awake for: a clock that is set right jumps less.</summary>
    private static readonly TimeSpan Sleep = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Lock _looking = new();
    private ITimer? _timer; // of the next look; nothing when it has stopped
    private bool _isTold; // by the system, since the last look
    private IDisposable? _events;
    private (DateTimeOffset Day, long Awake) _last = (time.GetUtcNow(), time.GetTimestamp());
    private int _looks; // since a change was seen of which nobody has heard yet

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Begins in the background, when the daemon serves: the first look costs a fifth of a second.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _timer?.Dispose();
            _timer = null;
        }

        lock (_looking)
        {
            _events?.Dispose();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void OnEvent()
    {
        lock (_lock)
        {
            _isTold = true;
            _timer?.Change(Gathering, Timeout.InfiniteTimeSpan);
        }
    }

    private void Look()
    {
        lock (_looking)
        {
            lock (_lock)
            {
                if (_timer is null)
                {
                    return;
                }

                _isTold = false;
            }

            _events ??= events(OnEvent);
            var isElsewhere = LooksElsewhere() | HasSlept();
            _looks = isElsewhere || _looks > 0 ? _looks + 1 : 0;
            var isSettled = _looks > 0 && (!isElsewhere || _looks == MostLooks);
            _looks = isSettled ? 0 : _looks;
            Plan(_looks > 0 ? Settling : Pause);
            if (isSettled)
            {
                machine.NoteChange();
                LogChanged(machine.Changes);
            }
        }
    }

    private void Plan(TimeSpan pause)
    {
        lock (_lock)
        {
            _timer?.Change(_isTold ? Gathering : pause, Timeout.InfiniteTimeSpan);
        }
    }

    private bool LooksElsewhere()
    {
        try
        {
            return machine.Look();
        }
        catch (Exception e) when (e is NetworkInformationException or IOException or UnauthorizedAccessException)
        {
            return false; // what is known stands until the system tells again
        }
    }

    private bool HasSlept()
    {
        var (day, awake) = (time.GetUtcNow(), time.GetTimestamp());
        var asleep = day - _last.Day - time.GetElapsedTime(_last.Awake, awake);
        _last = (day, awake);
        return asleep >= Sleep;
    }

    [LoggerMessage(1800, LogLevel.Debug, "This machine may be in another network, {Changes} times since the start")]
    private partial void LogChanged(int changes);
}
