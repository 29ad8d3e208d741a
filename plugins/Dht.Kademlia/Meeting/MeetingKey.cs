using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Meeting;

/// <summary>
/// The one key under which nodes of this network announce themselves in Mainline (docs/protocol.md, "Finding the network"). A private swarm
/// has a key of its own, which only those know who have its secret.
/// </summary>
internal static class MeetingKey
{
    public static NodeId Of(NetworkSecret secret) => new(secret.Hash("apt-p2p world 1"u8).AsSpan(0, NodeId.Size));
}
