using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Queries;

/// <summary>
/// The way out of a node: counts what is sent, and remembers for some minutes to whom. A NAT lets answers in for about as long, so that
/// only a datagram of somebody else shows that the node's port is open.
/// </summary>
internal sealed class Outbox(IDatagramSender sender, Deadlines deadlines, Traffic traffic)
{
    private const int MaxRemembered = 4096; // if more are met within a period, nobody counts as unasked until it has passed
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(3);

    private HashSet<UdpEndpoint> _lately = [];
    private HashSet<UdpEndpoint> _before = [];
    private TimeSpan _since;

    public void Send(ReadOnlySpan<byte> datagram, UdpEndpoint to)
    {
        traffic.Sent(datagram.Length);
        Rotate();
        if (_lately.Count < MaxRemembered)
        {
            _lately.Add(to.Address);
        }

        sender.Send(datagram, to);
    }

    /// <summary>Whether nothing was sent to an address for at least three minutes.</summary>
    public bool IsUnasked(UdpEndpoint from)
    {
        Rotate();
        return _lately.Count < MaxRemembered && _before.Count < MaxRemembered
            && !_lately.Contains(from.Address) && !_before.Contains(from.Address);
    }

    private void Rotate()
    {
        var now = deadlines.Now;
        if (now - _since < Period)
        {
            return;
        }

        (_before, _lately) = (now - _since < 2 * Period ? _lately : [], []);
        _since = now;
    }
}
