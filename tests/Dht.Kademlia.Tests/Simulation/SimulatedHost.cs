using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

/// <summary>Something with an address in a simulated network.</summary>
internal abstract class SimulatedHost(SimulatedNetwork network, UdpEndpoint endpoint) : IDisposable
{
    public UdpEndpoint Endpoint { get; } = endpoint;

    /// <summary>Between this host and the middle of the network, one way.</summary>
    public TimeSpan Delay { get; init; }

    public bool IsBehindNat { get; init; }

    protected SimulatedNetwork Network { get; } = network;

    public abstract void Receive(ReadOnlySpan<byte> datagram, UdpEndpoint from);

    public abstract void Dispose();
}
