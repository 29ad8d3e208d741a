using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Answering;

/// <summary>
/// Addresses that have shown lately that they receive what is sent to them: by an answer, or with a token. Others may have forged the
/// address of a victim, so they get small answers only.
/// </summary>
internal sealed class ProvenAddresses(KademliaOptions options)
{
    private readonly Dictionary<UdpEndpoint, TimeSpan> _until = [];
    private readonly Queue<UdpEndpoint> _order = new();

    public void Add(UdpEndpoint endpoint, TimeSpan now)
    {
        var address = endpoint.Address;
        if (!_until.TryAdd(address, now + options.ProvenLife))
        {
            _until[address] = now + options.ProvenLife;
            return;
        }

        _order.Enqueue(address);
        if (_order.Count > options.MaxProven)
        {
            _until.Remove(_order.Dequeue());
        }
    }

    public bool Contains(UdpEndpoint endpoint, TimeSpan now) => _until.TryGetValue(endpoint.Address, out var until) && until > now;
}
