using System.Security.Cryptography;
using System.Text;

namespace AptP2P.Neighbours.Lan.Datagrams;

/// <summary>The infohash that stands for our network on a LAN (docs/protocol.md).</summary>
internal static class NetworkName
{
    /// <summary>Its digits. With a secret only those who have it can tell what it stands for.</summary>
    public static string InfohashOf(string secret)
    {
        var text = "apt-p2p lan 1"u8;
        var hash = secret.Length > 0 ? HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), text) : SHA256.HashData(text);
        return Convert.ToHexStringLower(hash.AsSpan(0, LanMessage.InfohashLength / 2));
    }
}
