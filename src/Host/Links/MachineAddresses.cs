using System.Net;

namespace AptP2P.Host.Links;

/// <summary>Where this machine is, as far as its own links tell; <see cref="NetworkWatch"/> has it look again.</summary>
/// <param name="read">Asks the system. The first time costs a fifth of a second, so nothing is read before somebody wants to know.</param>
internal sealed class MachineAddresses(Func<NetworkReading> read) : IMachineAddresses
{
    private readonly Lock _lock = new();
    private NetworkReading? _reading;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlySet<IPAddress> Current => Reading.Addresses;

    public int Changes { get; private set; }

    private NetworkReading Reading
    {
        get
        {
            if (Volatile.Read(ref _reading) is { } known)
            {
                return known;
            }

            lock (_lock)
            {
                return _reading ??= read();
            }
        }
    }

    public bool IsNear(IPAddress address)
    {
        address = address.Plain();
        return address.Scope().IsLocal() || Reading.IsOnLink(address);
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
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Reads again.</summary>
    /// <returns>Whether the machine may be elsewhere than it was at the last look.</returns>
    public bool Look()
    {
        var now = read();
        lock (_lock)
        {
            var isElsewhere = _reading is { } before && !now.IsLike(before);
            Volatile.Write(ref _reading, now);
            return isElsewhere;
        }
    }

    /// <summary>Tells those who wait that the machine may be elsewhere.</summary>
    public void NoteChange()
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            Changes++;
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
    }
}
