using System.Net;
using System.Text;

namespace AptP2P.Ports.Igd;

/// <summary>Looks for routers by SSDP, and reads what they answer (UPnP Device Architecture 1.1, 1.3).</summary>
internal static class SearchAnswer
{
    public const int MaxLength = 2048;

    private const int MaxLines = 64;
    private const string Field = "LOCATION:";

    /// <summary>Both, since an IGD 2 need not answer to the first.</summary>
    private static readonly string[] Devices =
    [
        "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
        "urn:schemas-upnp-org:device:InternetGatewayDevice:2",
    ];

    public static IEnumerable<byte[]> Requests { get; } =
    [
        .. Devices.Select(device => Encoding.ASCII.GetBytes(
            $"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 2\r\nST: {device}\r\n\r\n")),
    ];

    /// <summary>Where the description is.</summary>
    /// <param name="datagram">What came from the router.</param>
    /// <param name="router">The router: a page of somebody else's is none of its own.</param>
    /// <returns><see langword="null"/> if it is no answer, or leads elsewhere.</returns>
    public static Uri? Read(ReadOnlySpan<byte> datagram, IPAddress router)
    {
        if (datagram.Length > MaxLength
            || datagram.ContainsAnyExceptInRange((byte)'\t', (byte)'~')
            || !datagram.StartsWith("HTTP/1.1 200 "u8))
        {
            return null;
        }

        Span<Range> lines = stackalloc Range[MaxLines];
        Span<char> text = stackalloc char[datagram.Length];
        Encoding.ASCII.GetChars(datagram, text);
        var count = ((ReadOnlySpan<char>)text).Split(lines, '\n');
        foreach (var range in lines[..count])
        {
            var line = text[range].Trim("\r \t");
            if (line.StartsWith(Field, StringComparison.OrdinalIgnoreCase))
            {
                return RouterPages.Find(line[Field.Length..].Trim().ToString(), relativeTo: null, router);
            }
        }

        return null;
    }
}
