using System.Buffers;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Testing;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

/// <summary>
/// A network of nodes in virtual time: delays, loss, dead nodes, NATs and partitions, all from one seed. The nodes run the code that runs
/// on real sockets.
/// </summary>
internal sealed class SimulatedNetwork
{
    private readonly PriorityQueue<(UdpEndpoint From, UdpEndpoint To, byte[] Buffer, int Length), (long Due, long Sequence)> _flying =
        new();
    private readonly Dictionary<UdpEndpoint, SimulatedHost> _nodes = [];
    private readonly ITimer _timer;
    private long _armedFor = long.MaxValue;
    private readonly Dictionary<(UdpEndpoint Inside, UdpEndpoint Outside), TimeSpan> _mappings = [];
    private long _sequence;

    public SimulatedNetwork(int seed, VirtualTime? time = null)
    {
        (Random, Time) = (new Random(seed), time ?? new VirtualTime());
        _timer = Time.CreateTimer(_ => Deliver(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public VirtualTime Time { get; }

    public Random Random { get; }

    /// <summary>The share of datagrams that get lost.</summary>
    public double Loss { get; set; }

    /// <summary>Which datagrams can pass at all: for partitions.</summary>
    public Func<SimulatedHost, SimulatedHost, bool> CanPass { get; set; } = static (_, _) => true;

    public long Datagrams { get; private set; }

    public long Bytes { get; private set; }

    public int Count => _nodes.Count;

    public void Add(SimulatedHost node) => _nodes.Add(node.Endpoint, node);

    /// <summary>The node falls silent without a word.</summary>
    public void Kill(SimulatedHost node)
    {
        _nodes.Remove(node.Endpoint);
        node.Dispose();
    }

    public void Send(UdpEndpoint from, UdpEndpoint to, ReadOnlySpan<byte> datagram)
    {
        Datagrams++;
        Bytes += datagram.Length;
        if (!_nodes.TryGetValue(from, out var sender) || !_nodes.TryGetValue(to, out var receiver)
            || !CanPass(sender, receiver) || !PassesNat(sender, receiver) || (Loss > 0 && Random.NextDouble() < Loss))
        {
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(datagram.Length);
        datagram.CopyTo(buffer);
        var due = Time.GetTimestamp() + (sender.Delay + receiver.Delay).Ticks;
        _flying.Enqueue((from, to, buffer, datagram.Length), (due, _sequence++));
        Arm(due);
    }

    /// <summary>Lets time pass until something has happened, or for as long as is allowed.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        var end = Time.GetTimestamp() + limit.Ticks;
        while (!condition())
        {
            if (!Time.FireNext(end))
            {
                return condition();
            }
        }

        return true;
    }

    // What most home routers do: in comes what the inside has lately sent something to.
    private bool PassesNat(SimulatedHost sender, SimulatedHost receiver)
    {
        if (sender.IsBehindNat)
        {
            _mappings[(sender.Endpoint, receiver.Endpoint)] = Time.Elapsed;
        }

        return !receiver.IsBehindNat
            || (
                _mappings.TryGetValue((receiver.Endpoint, sender.Endpoint), out var last) && Time.Elapsed - last < TimeSpan.FromSeconds(60)
            );
    }

    private void Deliver()
    {
        _armedFor = long.MaxValue;
        while (_flying.TryPeek(out var datagram, out var order))
        {
            if (order.Due > Time.GetTimestamp())
            {
                Arm(order.Due);
                return;
            }

            _flying.Dequeue();
            if (_nodes.TryGetValue(datagram.To, out var node))
            {
                node.Receive(datagram.Buffer.AsSpan(0, datagram.Length), datagram.From);
            }

            ArrayPool<byte>.Shared.Return(datagram.Buffer);
        }
    }

    private void Arm(long due)
    {
        if (due < _armedFor)
        {
            _armedFor = due;
            _timer.Change(TimeSpan.FromTicks(due - Time.GetTimestamp()), Timeout.InfiniteTimeSpan);
        }
    }
}
