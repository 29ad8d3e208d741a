using System.Security.Cryptography;
using System.Text;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Addressing;

/// <summary>
/// Where a content is in the DHT: its hash's first 20 bytes, as BEP 52 shortens a v2 info-hash. With a network secret, those of an HMAC, so
/// that strangers who store the key learn nothing of what it stands for.
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
