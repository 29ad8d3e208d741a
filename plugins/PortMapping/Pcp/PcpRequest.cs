using System.Buffers.Binary;
using System.Net;
using AptP2P.Ports.Gateways;

namespace AptP2P.Ports.Pcp;

/// <summary>Writes PCP requests (RFC 6887, 7.1 and 11.1).</summary>
internal static class PcpRequest
{
    public const byte Version = 2;
    public const byte Announce = 0;
    public const byte Map = 1;
    public const byte Answer = 0x80;
    public const int HeaderLength = 24;
    public const int MapLength = 60;
    public const int MaxLength = 1100;
    public const int NonceLength = 12;

    /// <summary>Asks for nothing but the router's clock.</summary>
    public static byte[] WriteAnnounce(IPAddress own)
    {
        var datagram = new byte[HeaderLength];
        WriteHeader(datagram, Announce, 0, own);
        return datagram;
    }

    /// <summary>Asks for a mapping; with no lifetime, for its end.</summary>
    public static byte[] WriteMap(IPAddress own, ReadOnlySpan<byte> nonce, MapRequest request)
    {
        var datagram = new byte[MapLength];
        WriteHeader(datagram, Map, (uint)request.Lifetime.TotalSeconds, own);
        nonce.CopyTo(datagram.AsSpan(24));
        datagram[36] = (byte)request.Transport;
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(40), (ushort)request.Port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(42), (ushort)request.External.Port);
        WriteAddress(datagram.AsSpan(44), request.External.Address);
        return datagram;
    }

    private static void WriteHeader(Span<byte> datagram, byte opcode, uint lifetime, IPAddress own)
    {
        datagram[0] = Version;
        datagram[1] = opcode;
        BinaryPrimitives.WriteUInt32BigEndian(datagram[4..], lifetime);
        WriteAddress(datagram[8..], own);
    }

    private static void WriteAddress(Span<byte> at, IPAddress address) => address.MapToIPv6().TryWriteBytes(at, out _);
}
