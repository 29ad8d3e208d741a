using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Addressing;

/// <summary>
/// Our <c>n</c> (docs/protocol.md): what every message of a network carries, so that those of other networks are told from it. With a
/// network secret it is another one: private swarms are networks of their own.
/// </summary>
internal static class NetworkTag
{
    public const int Size = 8;

    /// <summary>The tag of the network with a secret; empty if the options say that it is whoever speaks the protocol.</summary>
    public static byte[] Of(KademliaOptions options, NetworkSecret secret) =>
        options.Open ? [] : secret.Hash("apt-p2p network 1"u8)[..Size];
}
