using System.Globalization;

namespace AptP2P.Dht.Kademlia.Tests;

/// <summary>Networks that tests begin with.</summary>
internal static class SimulatedNetworks
{
    public const ushort Port = 9977;

    /// <summary>Public addresses, each in a /24 of its own.</summary>
    public static UdpEndpoint Address(int index) => UdpEndpoint.FromV4(0x2000_0001 + ((uint)index << 8), Port);

    /// <summary>Round trips of 20 to 300 ms.</summary>
    public static TimeSpan RandomDelay(Random random) => TimeSpan.FromMilliseconds(5 + (70 * random.NextDouble()));

    /// <summary>Makes nodes that join one after the other, each by one that is there already, and lets them settle.</summary>
    public static List<SimulatedNode> Grow(this SimulatedNetwork network, int count, KademliaOptions? options = null)
    {
        var nodes = new List<SimulatedNode>(count);
        for (var i = 0; i < count; i++)
        {
            nodes.Add(network.Join(network.Nodes.Count, nodes, options));
            network.Time.Advance(TimeSpan.FromMilliseconds(50));
        }

        network.Time.Advance(TimeSpan.FromSeconds(30));
        return nodes;
    }

    public static SimulatedNode Join(this SimulatedNetwork network, int index, List<SimulatedNode> nodes, KademliaOptions? options = null)
    {
        var node = new SimulatedNode(network, Address(index), options ?? new KademliaOptions(), delay: RandomDelay(network.Random));
        node.Node.Start(nodes.Count == 0 ? [] : [nodes[network.Random.Next(nodes.Count)].Endpoint]);
        return node;
    }

    public static Announcement Content(int number, int pieces = 1)
    {
        var hash = ContentHash.Of(System.Text.Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
        var length = ((pieces - 1) * 512L * 1024) + 1;
        return new Announcement(hash, length, pieces == 1 ? null : new PieceList(length, [.. Enumerable.Repeat(hash, pieces)]));
    }

    public static NodeId Key(this Announcement announcement) => new KeySpace(new KademliaOptions()).KeyOf(announcement.Hash);

    public static T Percentile<T>(this IEnumerable<T> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }
}
