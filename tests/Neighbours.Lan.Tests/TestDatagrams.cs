using AptP2P.Neighbours.Lan.Datagrams;

namespace AptP2P.Neighbours.Lan.Tests;

/// <summary>What others say.</summary>
internal static class TestDatagrams
{
    public static string Of(int port = 9977, string secret = "", string cookie = "other") =>
        $"BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: {port}\r\n"
        + $"Infohash: {NetworkName.InfohashOf(new NetworkSecret(secret))}\r\ncookie: {cookie}\r\n\r\n\r\n";
}
