using System.Globalization;
using System.Net;

namespace AptP2P.Host.Links;

/// <summary>
/// The global IPv6 prefixes whose addresses are on a link of this machine. The routing table says that, not the length of an own address
/// (RFC 5942): one of DHCPv6 comes as a /128.
/// </summary>
internal static class OnLinkRoutes
{
    /// <summary>A link's prefix has 64 bits (RFC 4291 2.5.1). A shorter one is a tunnel's, to a whole provider (6rd) or to all.</summary>
    private const int ShortestPrefix = 64;

    /// <summary>A router may have all routes of the Internet; its own links' are among the first.</summary>
    private const int MostRoutes = 4_096;

    // linux/ipv6_route.h, linux/route.h
    private const uint IsUp = 0x0001;
    private const uint ByGateway = 0x0002;
    private const uint Rejects = 0x0200;
    private const uint IsAnycast = 0x0010_0000;
    private const uint IsOwn = 0x8000_0000;

    public static IEnumerable<IPNetwork> OfSystem()
    {
        try
        {
            return [.. Read(File.ReadLines("/proc/self/net/ipv6_route"))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // no IPv6
        }
    }

    /// <summary>
    /// Reads proc_net(5)'s table, in hexadecimal: destination, its length, source, its length, next hop, metric, references, uses, flags,
    /// link.
    /// </summary>
    public static IEnumerable<IPNetwork> Read(IEnumerable<string> lines) =>
        from line in lines.Take(MostRoutes)
        let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where fields.Length == 10 && fields[0].Length == 32
        let flags = uint.Parse(fields[8], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        where (flags & (IsUp | ByGateway | Rejects | IsAnycast | IsOwn)) == IsUp
        let length = int.Parse(fields[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        let prefix = new IPAddress(Convert.FromHexString(fields[0]))
        where length >= ShortestPrefix && prefix.Scope() is AddressScope.Public or AddressScope.Reserved
        select new IPNetwork(prefix, length);
}
