using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Queries;

/// <summary>How much a node is suspected not to answer.</summary>
internal enum Suspicion
{
    None,

    /// <summary>It was silent once. It is asked, but a look-up that has enough other nodes does not wait for it.</summary>
    Slight,

    /// <summary>It was silent again. It is asked only now and then, and never waited for.</summary>
    Strong,
}

/// <summary>
/// Endpoints that did not answer in time lately. For a quarter of an hour after a node has died, all tables still name it: with this
/// memory, only the first look-ups wait for it. Any answer clears a suspect.
/// </summary>
internal sealed class SuspectNodes(KademliaOptions options)
{
    private readonly Dictionary<UdpEndpoint, Entry> _entries = [];
    private readonly Queue<UdpEndpoint> _order = new();

    public int Count => _entries.Count;

    public void Add(UdpEndpoint endpoint, TimeSpan now)
    {
        if (_entries.TryGetValue(endpoint, out var entry))
        {
            _entries[endpoint] = entry with { Strikes = entry.Strikes + 1, Last = now };
            return;
        }

        while (_order.TryPeek(out var oldest) && (_order.Count >= options.MaxSuspects || !_entries.ContainsKey(oldest)))
        {
            _order.Dequeue();
            _entries.Remove(oldest);
        }

        _entries.Add(endpoint, new Entry(1, now, now));
        _order.Enqueue(endpoint);
    }

    public void Forget()
    {
        _entries.Clear();
        _order.Clear();
    }

    public void Clear(UdpEndpoint endpoint) => _entries.Remove(endpoint);

    public Suspicion Of(UdpEndpoint endpoint, TimeSpan now)
    {
        if (!_entries.TryGetValue(endpoint, out var entry) || now - entry.Last > options.SuspectLife)
        {
            return Suspicion.None;
        }

        return entry.Strikes > 1 ? Suspicion.Strong : Suspicion.Slight;
    }

    /// <summary>Whether a strong suspect may be tried again now. Only the first caller gets a yes.</summary>
    public bool TryRetry(UdpEndpoint endpoint, TimeSpan now)
    {
        if (!_entries.TryGetValue(endpoint, out var entry) || now - entry.Tried < options.SuspectRetry)
        {
            return false;
        }

        _entries[endpoint] = entry with { Tried = now };
        return true;
    }

    private readonly record struct Entry(int Strikes, TimeSpan Last, TimeSpan Tried);
}
