using System.Security.Cryptography;
using System.Text;
using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Meeting;

/// <summary>
/// The one key under which nodes of this network announce themselves in Mainline (docs/protocol.md, "Finding the network"). A private swarm
/// has a key of its own, which only those know who have its secret.
/// </summary>
internal static class MeetingKey
{
    public static NodeId Of(string networkSecret)
    {
        var text = "apt-p2p world 1"u8;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (networkSecret.Length > 0)
        {
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(networkSecret), text, hash);
        }
        else
        {
            SHA256.HashData(text, hash);
        }

        return new NodeId(hash[..NodeId.Size]);
    }
}
