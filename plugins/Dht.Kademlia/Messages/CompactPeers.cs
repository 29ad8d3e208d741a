using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Shared.Bencode;

namespace AptP2P.Dht.Kademlia.Messages;

/// <summary>
/// Reads <c>values</c> (<see href="https://www.bittorrent.org/beps/bep_0005.html">BEP 5</see>) peer by peer, each with what our <c>pv</c>
/// says of its pieces. Entries that are no peers are skipped.
/// </summary>
internal ref struct CompactPeers
{
    private readonly bool _hasClaims;
    private BencodeReader _values;
    private BencodeReader _claims;

    /// <param name="values">The bencoded list of peers; may be empty.</param>
    /// <param name="claims">The bencoded list of their claims, in the same order; may be empty.</param>
    public CompactPeers(ReadOnlySpan<byte> values, ReadOnlySpan<byte> claims)
    {
        _hasClaims = !claims.IsEmpty;
        _values = new BencodeReader(values);
        _claims = new BencodeReader(claims);
        _values.Enter();
        _claims.Enter();
    }

    /// <param name="peer">Where somebody says the content is served. It may be of either family: mixed lists occur.</param>
    /// <param name="claim">What they say of its pieces, a bencoded dictionary; empty where they say nothing.</param>
    public bool TryNext(out UdpEndpoint peer, out ReadOnlySpan<byte> claim)
    {
        while (_values.Kind != BencodeKind.End)
        {
            var compact = _values.StringOrSkip();
            claim = _hasClaims && _claims.Kind != BencodeKind.End ? _claims.ReadRaw() : default;
            if (UdpEndpoint.IsCompact(compact))
            {
                peer = UdpEndpoint.FromCompact(compact);
                claim = claim is [(byte)'d', ..] ? claim : default;
                return true;
            }
        }

        peer = default;
        claim = default;
        return false;
    }
}
