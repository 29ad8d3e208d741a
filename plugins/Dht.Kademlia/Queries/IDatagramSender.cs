using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Queries;

/// <summary>The way out: a socket, or a simulated network. A datagram that cannot be sent is lost, as datagrams are.</summary>
internal interface IDatagramSender
{
    void Send(ReadOnlySpan<byte> datagram, UdpEndpoint to);
}
