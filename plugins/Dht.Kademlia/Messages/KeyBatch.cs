using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Shared.Bencode;

namespace AptP2P.Dht.Kademlia.Messages;

/// <summary>
/// Writes our <c>ks</c> (docs/dht.md): further keys that one announce_peer makes known, each followed by its claim where it has one. One
/// datagram then does what forty would. Foreign nodes ignore it, so it is sent only to nodes whose <c>v</c> says that they are ours.
/// </summary>
internal ref struct KeyBatchWriter
{
    /// <summary>Bytes of the rest of the query, without a claim, with the longest token of ours.</summary>
    public const int Overhead = 216;

    private BencodeWriter _writer;

    public KeyBatchWriter(Span<byte> buffer)
    {
        _writer = new BencodeWriter(buffer);
        _writer.StartList();
    }

    /// <returns>Whether there was room for the key and its claim.</returns>
    public bool TryAdd(NodeId key, ReadOnlySpan<byte> claim)
    {
        if (BencodeWriter.StringSize(NodeId.Size) + claim.Length + 1 > _writer.Free) // 1: the end of the list
        {
            return false;
        }

        _writer.Id(key);
        _writer.Raw(claim);
        return true;
    }

    /// <returns>The bencoded list.</returns>
    public ReadOnlySpan<byte> Finish()
    {
        _writer.End();
        return _writer.Written;
    }
}

/// <summary>Reads a <c>ks</c> list of a stranger, key by key.</summary>
internal ref struct KeyBatchReader
{
    private BencodeReader _reader;

    public KeyBatchReader(ReadOnlySpan<byte> list)
    {
        _reader = new BencodeReader(list);
        _reader.Enter();
    }

    /// <returns>Whether there was another key. An entry that is none ends the list.</returns>
    public bool TryNext(out NodeId key, out ReadOnlySpan<byte> claim)
    {
        var isKey = NodeId.TryRead(_reader.Kind == BencodeKind.String ? _reader.ReadString() : default, out key);
        claim = _reader.Kind == BencodeKind.Dictionary ? _reader.ReadRaw() : default;
        return isKey;
    }
}
