using System.Net;

namespace AptP2P.Host.Proxy.Connections;

/// <summary>One connection's room among all; given back when disposed of.</summary>
internal sealed class ConnectionPlace : IDisposable
{
    /// <summary>
    /// How long a stranger may be silent after it has connected. A peer asks at once; apt connects ahead, but is no stranger.
    /// </summary>
    public static readonly TimeSpan SilentTime = TimeSpan.FromSeconds(5);

    private readonly ConnectionGate _gate;
    private readonly Action _close;
    private readonly IDisposable _end; // one for all that is ever under way here
    private int _work;
    private long _idleSince;

    public ConnectionPlace(ConnectionGate gate, IPAddress subscriber, bool isClient, Action close)
    {
        (_gate, Subscriber, IsClient, _close, _idleSince, _end) = (gate, subscriber, isClient, close, gate.NextTurn(), new Work(this));
    }

    /// <summary>Its address, or in IPv6 its /64.</summary>
    public IPAddress Subscriber { get; }

    /// <summary>Whether it may use the proxy.</summary>
    public bool IsClient { get; }

    /// <summary>Whether no request and no tunnel is under way.</summary>
    public bool IsIdle => Volatile.Read(ref _work) == 0;

    /// <summary>Since when, as a number that grows; of one that is idle.</summary>
    public long IdleSince => Volatile.Read(ref _idleSince);

    /// <summary>Something is under way until what is returned is disposed of.</summary>
    public IDisposable Begin()
    {
        Interlocked.Increment(ref _work);
        return _end;
    }

    /// <summary>Closes the connection of a stranger who says nothing.</summary>
    /// <returns>To be disposed of when something is said.</returns>
    public IDisposable? AwaitFirstByte(TimeProvider time) => IsClient
        ? null
        : time.CreateTimer(static place => ((ConnectionPlace)place!).CloseSilent(), this, SilentTime, Timeout.InfiniteTimeSpan);

    public void Close() => _close();

    public void Dispose() => _gate.Leave(this);

    private void CloseSilent() => _gate.CloseSilent(this);

    private void End()
    {
        Volatile.Write(ref _idleSince, _gate.NextTurn());
        Interlocked.Decrement(ref _work);
    }

    private sealed class Work(ConnectionPlace place) : IDisposable
    {
        public void Dispose() => place.End();
    }
}
