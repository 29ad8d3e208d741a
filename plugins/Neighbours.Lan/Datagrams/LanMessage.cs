using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Text;

namespace AptP2P.Neighbours.Lan.Datagrams;

/// <summary>
/// A datagram of local service discovery (<see href="https://www.bittorrent.org/beps/bep_0014.html">BEP 14</see>): that somebody is there,
/// at which port, and in which swarms. What a stranger sent, so it is read strictly: one that is odd in anything says nothing.
/// </summary>
internal readonly ref struct LanMessage
{
    public const int MaxLength = 1400; // BEP 14

    /// <summary>Digits of an infohash.</summary>
    public const int InfohashLength = 40;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    private const string Start = "BT-SEARCH * HTTP/1.1\r\n";

    /// <summary>Where the sender listens.</summary>
    public ushort Port { get; private init; }

    /// <summary>What the sender knows its own datagrams by. May be empty.</summary>
    public ReadOnlySpan<byte> Cookie { get; private init; }

    /// <summary>Whether the infohash that was looked for is among those of the datagram.</summary>
    public bool IsOurs { get; private init; }

    /// <summary>Writes a datagram for a group.</summary>
    public static byte[] Write(IPEndPoint group, int port, string infohash, string cookie) =>
        Encoding.ASCII.GetBytes(
            string.Create(null, $"{Start}Host: {group}\r\nPort: {port}\r\nInfohash: {infohash}\r\ncookie: {cookie}\r\n\r\n\r\n"));

    /// <param name="datagram">What came.</param>
    /// <param name="infohash">The digits of our network's infohash, in lower case.</param>
    /// <param name="message">What it says.</param>
    public static bool TryRead(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> infohash, out LanMessage message)
    {
        message = default;
        if (datagram.Length > MaxLength || !datagram.StartsWith("BT-SEARCH * HTTP/1.1\r\n"u8))
        {
            return false;
        }

        var rest = datagram[Start.Length..];
        ushort port = 0;
        ReadOnlySpan<byte> cookie = default;
        var (hasInfohash, hasCookie, isOurs) = (false, false, false);
        while (true)
        {
            if (!TryReadLine(ref rest, out var line))
            {
                return false;
            }

            if (line.IsEmpty)
            {
                break;
            }

            if (!TrySplit(line, out var name, out var value))
            {
                return false;
            }

            if (Ascii.EqualsIgnoreCase(name, "port"u8))
            {
                if (port != 0 || !TryReadPort(value, out port))
                {
                    return false;
                }
            }
            else if (Ascii.EqualsIgnoreCase(name, "infohash"u8)) // there may be several
            {
                if (!IsInfohash(value))
                {
                    return false;
                }

                hasInfohash = true;
                isOurs |= Ascii.EqualsIgnoreCase(value, infohash);
            }
            else if (Ascii.EqualsIgnoreCase(name, "cookie"u8))
            {
                if (hasCookie)
                {
                    return false;
                }

                hasCookie = true;
                cookie = value;
            }
        }

        message = new LanMessage { Port = port, Cookie = cookie, IsOurs = isOurs };
        return port != 0 && hasInfohash && (rest.IsEmpty || rest.SequenceEqual("\r\n"u8)); // BEP 14 has two empty lines, some senders one
    }

    private static bool TryReadLine(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
    {
        var end = rest.IndexOf("\r\n"u8);
        line = rest[..Math.Max(0, end)];
        rest = end < 0 ? rest : rest[(end + 2)..];
        return end >= 0 && line.IndexOfAny((byte)'\r', (byte)'\n', (byte)0) < 0;
    }

    private static bool TrySplit(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var colon = line.IndexOf((byte)':');
        name = line[..Math.Max(0, colon)];
        value = line[(colon + 1)..].Trim(" \t"u8);
        return !name.IsEmpty && name.IndexOfAny((byte)' ', (byte)'\t') < 0;
    }

    private static bool TryReadPort(ReadOnlySpan<byte> value, out ushort port) =>
        Utf8Parser.TryParse(value, out port, out var read) && read == value.Length && value[0] != (byte)'+' && port != 0;

    private static bool IsInfohash(ReadOnlySpan<byte> value) =>
        value.Length == InfohashLength && !value.ContainsAnyExcept(Digits);
}
