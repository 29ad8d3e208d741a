using System.Buffers.Binary;
using System.Net;
using AptP2P.Ports.Gateways;

namespace AptP2P.Ports.Pcp;

/// <summary>A PCP answer (RFC 6887, 7.2); for MAP with what was mapped (11.1).</summary>
/// <param name="Result">0 for success.</param>
/// <param name="Lifetime">Seconds that the mapping has, or that the error stands.</param>
/// <param name="Epoch">Seconds since the router forgot all mappings.</param>
/// <param name="External">Where the port is outside.</param>
internal sealed record PcpAnswer(byte Result, uint Lifetime, uint Epoch, IPEndPoint External)
{
    /// <summary>An answer to ANNOUNCE, asked for or not.</summary>
    /// <returns><see langword="null"/> if it is none.</returns>
    public static PcpAnswer? ReadAnnouncement(ReadOnlySpan<byte> datagram) =>
        IsAnswer(datagram, PcpRequest.Announce) ? Read(datagram, new IPEndPoint(IPAddress.Any, 0)) : null;

    /// <summary>An answer to this very request: what anybody can send to our port has no such nonce.</summary>
    /// <returns><see langword="null"/> if it is none.</returns>
    public static PcpAnswer? ReadMapping(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> nonce, Transport transport, int port)
    {
        if (!IsAnswer(datagram, PcpRequest.Map)
            || datagram.Length < PcpRequest.MapLength
            || !datagram.Slice(24, PcpRequest.NonceLength).SequenceEqual(nonce)
            || datagram[36] != (byte)transport
            || BinaryPrimitives.ReadUInt16BigEndian(datagram[40..]) != port)
        {
            return null;
        }

        return Read(
            datagram, new IPEndPoint(new IPAddress(datagram.Slice(44, 16)).Plain(), BinaryPrimitives.ReadUInt16BigEndian(datagram[42..])));
    }

    private static bool IsAnswer(ReadOnlySpan<byte> datagram, byte opcode) =>
        datagram.Length is >= PcpRequest.HeaderLength and <= PcpRequest.MaxLength
        && datagram.Length % 4 == 0
        && datagram[0] == PcpRequest.Version
        && datagram[1] == (opcode | PcpRequest.Answer);

    private static PcpAnswer Read(ReadOnlySpan<byte> datagram, IPEndPoint external) =>
        new(
            datagram[3],
            BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(datagram[8..]),
            external);
}
