using AptP2P.Ports.Gateways;

namespace AptP2P.Ports.Keeping;

/// <summary>Has one router pass the node's port, for as long as it runs.</summary>
internal sealed class Keeper(Gateway gateway, KeeperSetup setup, Action<Held> changed)
{
    /// <summary>Between two looks at a router at least: neither its leases nor forged announcements make us ask without end.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(30); // at a router that was silent
    private static readonly TimeSpan HeardSpread = TimeSpan.FromSeconds(5); // all clients hear it at the same moment (RFC 6887, 14.1.3)

    private readonly Finder _finder = new(gateway, setup);
    private TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _hasMoved;
    private Claim? _claim;
    private Held? _told;

    /// <summary>The router has told everybody that it has forgotten its mappings, or has another address. Anybody can say so.</summary>
    public void Hear() => Volatile.Read(ref _heard).TrySetResult();

    /// <summary>
    /// The machine may be in another network, where another router has the same address; or it has slept, and its leases have ended.
    /// </summary>
    public void Move()
    {
        Volatile.Write(ref _hasMoved, true);
        Hear();
    }

    /// <summary>Runs until it is cancelled; then <see cref="ReleaseAsync"/> is due.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var retry = FirstRetry;
        while (true)
        {
            var (claim, reason) = await _finder.FindAsync(_claim, found => _claim = found, cancellationToken);
            _claim = claim;
            Tell(reason);
            if (claim is null)
            {
                await PauseAsync(retry, cancellationToken);
                retry = Least(retry * 2, setup.Options.RetryInterval);
            }
            else
            {
                retry = FirstRetry;
                await KeepAsync(claim, cancellationToken);
            }
        }
    }

    /// <summary>Takes away what stands.</summary>
    public async Task ReleaseAsync()
    {
        if (_claim is { } claim)
        {
            _claim = null;
            await claim.ReleaseAsync(CancellationToken.None);
        }
    }

    /// <summary>Looks after a mapping until it is lost.</summary>
    private async Task KeepAsync(Claim claim, CancellationToken cancellationToken)
    {
        var renewed = setup.Time.GetTimestamp();
        var expires = claim.Lease;
        var renewal = claim.Lease / 2;
        var look = setup.Options.CheckInterval;
        var wasSilent = false;
        while (true)
        {
            // what everybody may say is no proof, and a clock that has just begun is none either: so it is asked for again
            var heard = await PauseAsync(Least(renewal - setup.Time.GetElapsedTime(renewed), look), cancellationToken);
            look = setup.Options.CheckInterval;
            var hasMoved = Interlocked.Exchange(ref _hasMoved, false);
            var isDue = heard || setup.Time.GetElapsedTime(renewed) >= renewal;
            if (!isDue)
            {
                var standing = await claim.CheckAsync(cancellationToken);
                if (standing == Standing.Silent && wasSilent)
                {
                    return; // it may be at another port now, or speak something else
                }

                wasSilent = standing == Standing.Silent;
                look = wasSilent ? SecondLook : look;
                if (standing != Standing.Lost)
                {
                    continue;
                }
            }

            await claim.MapAsync(cancellationToken);
            if (claim.WasSilent && isDue && !hasMoved && setup.Time.GetElapsedTime(renewed) < expires)
            {
                renewal += heard ? TimeSpan.Zero : (expires - renewal) / 2; // RFC 6887, 11.2.1
                look = SecondLook;
                continue;
            }

            if (claim.WasSilent || !claim.IsWhole)
            {
                return;
            }

            setup.Attempted(claim.Protocol, "renewed");
            (renewed, expires, renewal) = (setup.Time.GetTimestamp(), claim.Lease, claim.Lease / 2);
            Tell(null);
        }
    }

    /// <summary>Until something is due, or the router speaks up.</summary>
    /// <returns>Whether it has spoken.</returns>
    private async Task<bool> PauseAsync(TimeSpan due, CancellationToken cancellationToken)
    {
        await Task.Delay(LeastPause, setup.Time, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var timer = Task.Delay(due > LeastPause ? due - LeastPause : TimeSpan.Zero, setup.Time, limit.Token);
        await Task.WhenAny(_heard.Task, timer);
        await limit.CancelAsync();
        await timer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        var heard = _heard.Task.IsCompleted;
        if (heard)
        {
            Volatile.Write(ref _heard, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            await Task.Delay(HeardSpread * setup.Random.NextDouble(), setup.Time, cancellationToken);
        }

        return heard;
    }

    private void Tell(string? reason)
    {
        var held = new Held(
            gateway, _claim?.Tcp, _claim?.Udp, _claim?.Protocol, _claim is { } claim ? setup.Time.GetUtcNow() + claim.Lease : null, reason);
        if (held != _told)
        {
            _told = held;
            changed(held);
        }
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
