using System.Security.Cryptography;
using System.Text;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Addressing;

/// <summary>
/// The key of a content: the first 20 bytes of its hash, as <see href="https://www.bittorrent.org/beps/bep_0052.html">BEP 52</see> shortens
/// a v2 info-hash. With a network secret, the first 20 bytes of an HMAC of the hash: strangers who store the key then learn nothing of what
/// it stands for.
/// </summary>
internal sealed class KeySpace(KademliaOptions options)
{
    private readonly byte[]? _secret = options.NetworkSecret is { Length: > 0 } secret ? Encoding.UTF8.GetBytes(secret) : null;

    public NodeId KeyOf(ContentHash hash)
    {
        Span<byte> bytes = stackalloc byte[ContentHash.Size];
        hash.CopyTo(bytes);
        if (_secret is not null)
        {
            HMACSHA256.HashData(_secret, bytes.ToArray(), bytes);
        }

        return new NodeId(bytes);
    }
}
