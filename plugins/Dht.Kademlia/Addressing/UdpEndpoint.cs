using System.Buffers.Binary;
using System.Net;

namespace AptP2P.Dht.Kademlia.Addressing;

/// <summary>
/// An address with a UDP or TCP port, as a value: a node handles thousands of them a second, and an <see cref="IPEndPoint"/> is two
/// objects. An IPv4 address is held in its IPv6-mapped form, so that <c>::ffff:a.b.c.d</c> and <c>a.b.c.d</c> are the same.
/// </summary>
internal readonly struct UdpEndpoint : IEquatable<UdpEndpoint>
{
    public const int CompactSize = 6;
    public const int CompactSize6 = 18;
    private const ulong Mapped = 0xffff_0000_0000;

    private readonly ulong _high, _low;

    private UdpEndpoint(ulong high, ulong low, ushort port) => (_high, _low, Port) = (high, low, port);

    public ushort Port { get; }

    public bool IsV6 => _high != 0 || _low >> 32 != 0xffff;

    /// <summary>The IPv4 address as a number; valid only if <see cref="IsV6"/> is false.</summary>
    public uint V4 => (uint)_low;

    /// <summary>The first eight bytes of the address as a number; an IPv4 address in its IPv6-mapped form.</summary>
    public ulong V6High => _high;

    /// <summary>The last eight bytes of it.</summary>
    public ulong V6Low => _low;

    /// <summary>The address alone.</summary>
    public UdpEndpoint Address => new(_high, _low, 0);

    /// <summary>The /24 or /64 of the address: one party probably owns all of it.</summary>
    public UdpEndpoint Subnet => IsV6 ? new(_high, 0, 0) : new(0, _low & ~0xfful, 0);

    /// <summary>The /16 or /32: one provider probably has all of it.</summary>
    public UdpEndpoint Network => IsV6 ? new(_high & ~0xffff_ffffUL, 0, 0) : new(0, _low & ~0xffffUL, 0);

    /// <summary>What one host has for itself: the IPv4 address, or the /64.</summary>
    public UdpEndpoint Host => IsV6 ? new(_high, 0, 0) : Address;

    /// <summary>What one customer of a provider has: the /24 or /48. In a local network each host stands for itself.</summary>
    public UdpEndpoint Site => this.IsLocal() ? Host : IsV6 ? new(_high & ~0xffffUL, 0, 0) : Subnet;

    /// <summary>Bytes of the compact form in a family.</summary>
    public static int SizeOf(bool v6) => v6 ? CompactSize6 : CompactSize;

    /// <summary>Whether bytes are as many as <see cref="FromCompact"/> reads.</summary>
    public static bool IsCompact(ReadOnlySpan<byte> bytes) => bytes.Length is CompactSize or CompactSize6;

    public static UdpEndpoint FromV4(uint address, ushort port) => new(0, Mapped | address, port);

    public static UdpEndpoint FromV6(ulong high, ulong low, ushort port) => new(high, low, port);

    public static UdpEndpoint From(IPEndPoint endPoint) => From(endPoint.Address, (ushort)endPoint.Port);

    public static UdpEndpoint From(IPAddress address, ushort port)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        return FromBytes(bytes[..written], port);
    }

    /// <summary>Reads the compact form (BEP 5, BEP 32): 6 or 18 bytes, the address and then the port.</summary>
    public static UdpEndpoint FromCompact(ReadOnlySpan<byte> bytes) =>
        FromBytes(bytes[..^2], BinaryPrimitives.ReadUInt16BigEndian(bytes[^2..]));

    public UdpEndpoint WithPort(ushort port) => new(_high, _low, port);

    /// <summary>Writes the compact form and returns its length.</summary>
    public int WriteCompact(Span<byte> destination)
    {
        var length = WriteAddress(destination);
        BinaryPrimitives.WriteUInt16BigEndian(destination[length..], Port);
        return length + 2;
    }

    /// <summary>Writes the 4 or 16 bytes of the address and returns how many.</summary>
    public int WriteAddress(Span<byte> destination)
    {
        if (!IsV6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, V4);
            return 4;
        }

        WriteMapped(destination);
        return 16;
    }

    /// <summary>Writes the address as 16 bytes; an IPv4 address in its IPv6-mapped form.</summary>
    public void WriteMapped(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
    }

    public IPEndPoint ToIPEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new IPEndPoint(new IPAddress(bytes[..WriteAddress(bytes)]), Port);
    }

    public bool Equals(UdpEndpoint other) => _high == other._high && _low == other._low && Port == other.Port;

    public override bool Equals(object? obj) => obj is UdpEndpoint other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_high, _low, Port);

    public override string ToString() => ToIPEndPoint().ToString();

    public static bool operator ==(UdpEndpoint left, UdpEndpoint right) => left.Equals(right);

    public static bool operator !=(UdpEndpoint left, UdpEndpoint right) => !left.Equals(right);

    private static UdpEndpoint FromBytes(ReadOnlySpan<byte> address, ushort port) =>
        address.Length == 4
            ? FromV4(BinaryPrimitives.ReadUInt32BigEndian(address), port)
            : new(BinaryPrimitives.ReadUInt64BigEndian(address), BinaryPrimitives.ReadUInt64BigEndian(address[8..]), port);
}
