using System.Runtime.InteropServices;

namespace AptP2P.Host.Daemon;

/// <summary>
/// Gives memory back when the daemon has come to rest after work. By itself the runtime collects when something is to be allocated, which
/// in a daemon that nobody asks for anything can be hours later, and glibc keeps what was freed within its heaps.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="allocated">How many bytes were ever allocated.</param>
/// <param name="giveBack">Stands still for some milliseconds.</param>
internal sealed partial class IdleMemory(TimeProvider time, Func<long> allocated, Action giveBack) : IHostedService, IDisposable
{
    /// <summary>How often the daemon is looked at.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>At rest it allocates less than this in a period, which is a young generation (System.GC.Gen0MaxBudget).</summary>
    public const long Rest = 4 << 20;

    /// <summary>So much must have been allocated since the last time, to be worth it.</summary>
    public const long Work = 16 << 20;

    private ITimer? _timer;
    private long _seen, _given = -Work; // the first time always: a start leaves as much as work does

    public IdleMemory(TimeProvider time)
        : this(time, () => GC.GetTotalAllocatedBytes(), GiveBack)
    {
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _seen = allocated();
        _timer = time.CreateTimer(_ => Look(), null, Period, Period);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        var now = allocated();
        if (now - _seen < Rest && now - _given >= Work)
        {
            giveBack();
            _given = now;
        }

        _seen = now;
    }

    private static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException) // musl, which keeps nothing
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nint pad);
}
