namespace AptP2P.Neighbours.Lan.Datagrams;

/// <summary>The infohash that stands for our network on a LAN (docs/protocol.md).</summary>
internal static class NetworkName
{
    /// <summary>Its digits. With a secret only those who have it can tell what it stands for.</summary>
    public static string InfohashOf(NetworkSecret secret) =>
        Convert.ToHexStringLower(secret.Hash("apt-p2p lan 1"u8).AsSpan(0, LanMessage.InfohashLength / 2));
}
