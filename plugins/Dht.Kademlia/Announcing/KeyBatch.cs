using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Bencode;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Announcing;

/// <summary>
/// Our <c>ks</c>: further keys that one announce_peer makes known, as a list of keys, each followed by its claim where it has one. One
/// datagram then does what forty would. Foreign nodes pass it over, so it is sent only to those whose <c>v</c> says that they are ours.
/// </summary>
internal static class KeyBatch
{
    private const int Overhead = 200; // the rest of the query, with the longest token of ours

    /// <summary>Writes as many announcements as fit.</summary>
    /// <param name="buffer">For the list.</param>
    /// <param name="announcements">What to announce.</param>
    /// <param name="from">The first of them.</param>
    /// <param name="claim">Bytes of the main key's own claim.</param>
    /// <param name="options">How large a datagram may be.</param>
    /// <returns>The bencoded list, and how many are in it.</returns>
    public static (int Length, int Count) Write(
        Span<byte> buffer, List<OwnAnnouncement> announcements, int from, int claim, KademliaOptions options)
    {
        var writer = new BencodeWriter(buffer[..Math.Min(buffer.Length, options.MaxDatagram - Overhead - claim)]);
        writer.StartList();
        var count = 0;
        for (var i = from; i < announcements.Count && count < options.MaxKeysPerAnnounce; i++, count++)
        {
            var announcement = announcements[i];
            if (BencodeWriter.StringSize(NodeId.Size) + announcement.Claim.Length + 1 > writer.Free)
            {
                break;
            }

            writer.Id(announcement.Key);
            writer.Raw(announcement.Claim);
        }

        writer.End();
        return (writer.Length, count);
    }
}

/// <summary>Reads a <c>ks</c> list of a stranger, entry by entry.</summary>
internal ref struct KeyBatchReader
{
    private BencodeReader _reader;

    public KeyBatchReader(ReadOnlySpan<byte> list)
    {
        _reader = new BencodeReader(list);
        _reader.Enter();
    }

    /// <returns>Whether there was another key; what is not one ends the list.</returns>
    public bool TryNext(out NodeId key, out ReadOnlySpan<byte> claim)
    {
        var bytes = _reader.Kind == BencodeKind.String ? _reader.ReadString() : default;
        key = bytes.Length == NodeId.Size ? new NodeId(bytes) : default;
        claim = _reader.Kind == BencodeKind.Dictionary ? _reader.ReadRaw() : default;
        return bytes.Length == NodeId.Size;
    }
}
