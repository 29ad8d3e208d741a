using System.Buffers.Binary;
using System.Net;
using AptP2P.Ports.Gateways;

namespace AptP2P.Ports.NatPmp;

/// <summary>A NAT-PMP answer (RFC 6886, 3.2 and 3.3).</summary>
/// <param name="Result">0 for success.</param>
/// <param name="Epoch">Seconds since the router forgot all mappings.</param>
/// <param name="Address">Its address outside, where it was asked for that.</param>
/// <param name="ExternalPort">The port that it has mapped, where it was asked for one.</param>
/// <param name="Lifetime">Seconds that the mapping has.</param>
internal sealed record NatPmpMessage(int Result, uint Epoch, IPAddress? Address = null, int ExternalPort = 0, uint Lifetime = 0)
{
    private const int HeaderLength = 8;
    private const int AddressLength = 12;
    private const int MapLength = 16;
    private const byte Answer = 128;

    public static byte[] WriteAddressRequest() => [0, 0];

    public static byte[] WriteMapRequest(MapRequest request)
    {
        var datagram = new byte[12];
        datagram[1] = Opcode(request.Transport);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)request.Port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(6), (ushort)request.External.Port);
        BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(8), (uint)request.Lifetime.TotalSeconds);
        return datagram;
    }

    /// <summary>What the router says of its address, asked or not.</summary>
    /// <returns><see langword="null"/> if it is something else.</returns>
    public static NatPmpMessage? ReadAddress(ReadOnlySpan<byte> datagram) =>
        Read(datagram, 0) is not { } answer ? null
        : answer.Result != 0 ? answer
        : datagram.Length == AddressLength ? answer with { Address = new IPAddress(datagram.Slice(8, 4)) }
        : null;

    /// <summary>The answer to a request for this port.</summary>
    /// <returns><see langword="null"/> if it is something else.</returns>
    public static NatPmpMessage? ReadMapping(ReadOnlySpan<byte> datagram, Transport transport, int port)
    {
        if (Read(datagram, Opcode(transport)) is not { } answer)
        {
            return null;
        }

        if (answer.Result != 0)
        {
            // a router may leave the rest out; what it does not leave out must fit
            return datagram.Length < MapLength || BinaryPrimitives.ReadUInt16BigEndian(datagram[8..]) == port ? answer : null;
        }

        return datagram.Length == MapLength && BinaryPrimitives.ReadUInt16BigEndian(datagram[8..]) == port
            ? answer with
            {
                ExternalPort = BinaryPrimitives.ReadUInt16BigEndian(datagram[10..]),
                Lifetime = BinaryPrimitives.ReadUInt32BigEndian(datagram[12..]),
            }
            : null;
    }

    private static NatPmpMessage? Read(ReadOnlySpan<byte> datagram, byte opcode) =>
        datagram.Length is >= HeaderLength and <= MapLength && datagram[0] == 0 && datagram[1] == (opcode | Answer)
            ? new(BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]), BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]))
            : null;

    private static byte Opcode(Transport transport) => (byte)(transport == Transport.Udp ? 1 : 2);
}
