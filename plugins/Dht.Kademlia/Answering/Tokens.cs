using System.Security.Cryptography;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Answering;

/// <summary>
/// Tokens show that a node has lately received an answer of ours at its address; without one it may not store
/// (<see href="https://www.bittorrent.org/beps/bep_0005.html">BEP 5</see>). A token is made with a secret, so that nobody else can make
/// one. It is bound to family, address and key, so that others, and other keys, cannot use it; but not to the port, which NATs change.
/// </summary>
internal sealed class Tokens
{
    public const int Size = 8;

    private readonly byte[] _current = new byte[16];
    private readonly byte[] _previous = new byte[16];
    private readonly TimeSpan _life;
    private readonly Random _random;
    private TimeSpan _changed;

    public Tokens(KademliaOptions options, Random random)
    {
        (_life, _random) = (options.TokenLife, random);
        random.NextBytes(_current);
        random.NextBytes(_previous);
    }

    public void Write(Span<byte> token, UdpEndpoint from, NodeId key, TimeSpan now)
    {
        Rotate(now);
        Compute(_current, from, key, token);
    }

    public bool IsValid(ReadOnlySpan<byte> token, UdpEndpoint from, NodeId key, TimeSpan now)
    {
        Rotate(now);
        Span<byte> expected = stackalloc byte[Size];
        Compute(_current, from, key, expected);
        var valid = CryptographicOperations.FixedTimeEquals(expected, token);
        Compute(_previous, from, key, expected);
        return valid | CryptographicOperations.FixedTimeEquals(expected, token);
    }

    // A token is good for at least one period and at most two.
    private void Rotate(TimeSpan now)
    {
        if (now - _changed < _life)
        {
            return;
        }

        _current.CopyTo(_previous, 0);
        _random.NextBytes(_current);
        if (now - _changed >= 2 * _life)
        {
            _random.NextBytes(_previous);
        }

        _changed = now;
    }

    private static void Compute(ReadOnlySpan<byte> secret, UdpEndpoint from, NodeId key, Span<byte> token)
    {
        Span<byte> subject = stackalloc byte[16 + 1 + NodeId.Size];
        var length = from.WriteAddress(subject);
        subject[length++] = (byte)(from.IsV6 ? 6 : 4);
        key.CopyTo(subject[length..]);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, subject[..(length + NodeId.Size)], mac);
        mac[..Size].CopyTo(token);
    }
}
