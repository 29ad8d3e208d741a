using System.Net;

namespace AptP2P.Testing.InMemory;

/// <summary>A machine that has the addresses that a test lists.</summary>
public sealed class ListedAddresses(params string[] addresses) : IMachineAddresses
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlySet<IPAddress> Current { get; private set; } = Parse(addresses);

    public int Changes { get; private set; }

    /// <summary>Released each time that somebody waits for the next change, and so has done what the last one asked for.</summary>
    public SemaphoreSlim Waits { get; } = new(0);

    /// <summary>Global addresses that are near all the same.</summary>
    public IPNetwork[] Near { get; init; } = [];

    /// <summary>The machine goes to another network.</summary>
    public void Change(params string[] to)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            Current = Parse(to);
            Changes++;
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
    }

    public async Task<int> WaitForChangeAsync(int seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (Changes != seen)
                {
                    return Changes;
                }

                changed = _changed.Task;
                Waits.Release();
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    public bool IsNear(IPAddress address) => address.Scope().IsLocal() || Array.Exists(Near, network => network.Contains(address));

    private static HashSet<IPAddress> Parse(string[] addresses) => [.. addresses.Select(IPAddress.Parse)];
}
