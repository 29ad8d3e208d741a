using System.Security.Cryptography;
using System.Text;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Addressing;

/// <summary>
/// Our <c>n</c> (docs/protocol.md): what every message of a network carries, so that those of other networks are told from it. With a
/// network secret it is another one: private swarms are networks of their own.
/// </summary>
internal static class NetworkTag
{
    public const int Size = 8;

    /// <summary>The tag of the network that these options belong to; empty if that is whoever speaks the protocol.</summary>
    public static byte[] Of(KademliaOptions options)
    {
        if (options.Open)
        {
            return [];
        }

        var network = "apt-p2p network 1"u8;
        var hash = options.NetworkSecret is { Length: > 0 } secret
            ? HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), network)
            : SHA256.HashData(network);
        return hash[..Size];
    }
}
