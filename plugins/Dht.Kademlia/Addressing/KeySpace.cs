namespace AptP2P.Dht.Kademlia.Addressing;

/// <summary>
/// The key of a content: the first 20 bytes of its hash, as <see href="https://www.bittorrent.org/beps/bep_0052.html">BEP 52</see> shortens
/// a v2 info-hash. With a network secret, the first 20 bytes of an HMAC of the hash: strangers who store the key then learn nothing of what
/// it stands for.
/// </summary>
internal sealed class KeySpace(NetworkSecret secret)
{
    public NodeId KeyOf(ContentHash hash)
    {
        Span<byte> bytes = stackalloc byte[ContentHash.Size];
        hash.CopyTo(bytes);
        return new NodeId(secret.Exists ? secret.Hash(bytes) : bytes);
    }
}
