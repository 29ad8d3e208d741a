using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Storage;
using AptP2P.Shared.Bencode;

namespace AptP2P.Dht.Kademlia.Answering;

/// <summary>
/// Writes <c>values</c> (<see href="https://www.bittorrent.org/beps/bep_0005.html">BEP 5</see>) and, if any of the contacts says something
/// of its pieces, our <c>pv</c>: the claims of the same peers in the same order, or an empty string where there is none.
/// </summary>
internal static class ContactsWriter
{
    private const int ListSize = 2;
    private static readonly int ClaimsKeySize = BencodeWriter.StringSize("pv".Length) + ListSize;
    private static readonly int ValuesKeySize = BencodeWriter.StringSize("values".Length) + ListSize;
    private static readonly int NoClaimSize = BencodeWriter.StringSize(0);

    /// <summary>How many of the contacts, from the first, fit into some bytes together with their claims.</summary>
    public static int Fit(List<StoredContact> contacts, int room, int max)
    {
        var left = room - ValuesKeySize;
        var claims = false;
        for (var count = 0; count < contacts.Count && count < max; count++)
        {
            var contact = contacts[count];
            if (contact.Claim.Length > 0 && !claims)
            {
                claims = true;
                left -= ClaimsKeySize + (count * NoClaimSize);
            }

            left -= BencodeWriter.StringSize(UdpEndpoint.SizeOf(contact.Peer.IsV6));
            left -= !claims ? 0 : contact.Claim.Length > 0 ? contact.Claim.Length : NoClaimSize;
            if (left < 0)
            {
                return count;
            }
        }

        return Math.Min(contacts.Count, max);
    }

    public static void WriteClaims(ref BencodeWriter writer, List<StoredContact> contacts, int count)
    {
        if (!contacts.Take(count).Any(static contact => contact.Claim.Length > 0))
        {
            return;
        }

        writer.Key("pv"u8);
        writer.StartList();
        for (var i = 0; i < count; i++)
        {
            if (contacts[i].Claim is { Length: > 0 } claim)
            {
                writer.Raw(claim);
            }
            else
            {
                writer.String(default);
            }
        }

        writer.End();
    }

    public static void WriteValues(ref BencodeWriter writer, List<StoredContact> contacts, int count)
    {
        if (count == 0)
        {
            return;
        }

        writer.Key("values"u8);
        writer.StartList();
        for (var i = 0; i < count; i++)
        {
            writer.Endpoint(contacts[i].Peer);
        }

        writer.End();
    }
}
