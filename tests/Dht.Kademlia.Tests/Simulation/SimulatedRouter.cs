using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

/// <summary>
/// What most homes have: hosts behind one public address, each with a port of it for all that it asks; in comes what was asked for, and
/// what is passed through. It does not send back what the inside sends to its outside.
/// </summary>
internal sealed class SimulatedRouter(SimulatedNetwork network, UdpEndpoint outside)
{
    private readonly Dictionary<UdpEndpoint, Mapping> _mappings = [];

    public UdpEndpoint Address { get; } = outside.Address;

    /// <summary>Where a host of the inside is seen.</summary>
    public UdpEndpoint OutsideOf(SimulatedHost host) => Of(host).Endpoint;

    /// <summary>Passes everything through to a host.</summary>
    public void Forward(SimulatedHost host) => Of(host).IsForwarded = true;

    public void Send(SimulatedHost from, UdpEndpoint to, ReadOnlySpan<byte> datagram)
    {
        if (to.Address != Address)
        {
            Of(from).Send(to, datagram);
        }
    }

    private Mapping Of(SimulatedHost host)
    {
        if (!_mappings.TryGetValue(host.Endpoint, out var mapping))
        {
            // The first host has the port that it uses itself; the next ones get others.
            var port = _mappings.Count == 0 ? host.Endpoint.Port : (ushort)(40_000 + _mappings.Count);
            mapping = new Mapping(network, Address.WithPort(port), host) { Delay = host.Delay };
            _mappings.Add(host.Endpoint, mapping);
            network.Add(mapping);
        }

        return mapping;
    }

    private sealed class Mapping(SimulatedNetwork network, UdpEndpoint endpoint, SimulatedHost inside) : SimulatedHost(network, endpoint)
    {
        private static readonly TimeSpan Open = TimeSpan.FromSeconds(60);

        private readonly Dictionary<UdpEndpoint, TimeSpan> _asked = [];

        public bool IsForwarded { get; set; }

        public void Send(UdpEndpoint to, ReadOnlySpan<byte> datagram)
        {
            _asked[to] = Network.Time.Elapsed;
            Network.Send(Endpoint, to, datagram);
        }

        public override void Receive(ReadOnlySpan<byte> datagram, UdpEndpoint from)
        {
            if (IsForwarded || (_asked.TryGetValue(from, out var last) && Network.Time.Elapsed - last < Open))
            {
                inside.Receive(datagram, from);
            }
        }

        public override void Dispose()
        {
        }
    }
}
