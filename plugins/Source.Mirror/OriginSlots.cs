namespace AptP2P.Source.Mirror;

/// <summary>Bounds the requests that run at one origin at a time; the others wait in the order in which they came.</summary>
internal sealed class OriginSlots(int perOrigin)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Gate> _gates = [];

    public async Task<Slot> EnterAsync(string authority, CancellationToken cancellationToken)
    {
        Gate gate;
        lock (_lock)
        {
            if (!_gates.TryGetValue(authority, out gate!))
            {
                _gates[authority] = gate = new Gate(new SemaphoreSlim(perOrigin));
            }

            gate.Users++;
        }

        try
        {
            await gate.Semaphore.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(authority, gate);
            throw;
        }

        return new Slot(this, authority, gate);
    }

    private void Leave(string authority, Gate gate)
    {
        lock (_lock)
        {
            if (--gate.Users == 0)
            {
                _gates.Remove(authority); // as many gates as origins in use, however many a client names
            }
        }
    }

    internal sealed class Gate(SemaphoreSlim semaphore)
    {
        public SemaphoreSlim Semaphore => semaphore;

        public int Users { get; set; }
    }

    internal readonly struct Slot(OriginSlots slots, string authority, Gate gate) : IDisposable
    {
        public void Dispose()
        {
            gate.Semaphore.Release();
            slots.Leave(authority, gate);
        }
    }
}
