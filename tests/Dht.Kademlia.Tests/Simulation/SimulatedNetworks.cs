using System.Globalization;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

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
            nodes.Add(network.Join(network.Count, nodes, options));
            network.Time.Advance(TimeSpan.FromMilliseconds(50));
        }

        network.Time.Advance(TimeSpan.FromMinutes(5));
        return nodes;
    }

    public static SimulatedNode Join(
        this SimulatedNetwork network, int index, IReadOnlyList<SimulatedNode> nodes, KademliaOptions? options = null, bool nat = false,
        NetworkSecret? secret = null)
    {
        options ??= new KademliaOptions { RateCells = 64 }; // a thousand nodes are in one process
        var node = new SimulatedNode(network, Address(index), options, secret: secret)
        {
            Delay = RandomDelay(network.Random), IsBehindNat = nat,
        };
        node.Node.Start(nodes.Count == 0 ? [] : [nodes[network.Random.Next(nodes.Count)].Endpoint]);
        return node;
    }

    /// <summary>Has contents announced by random nodes, and waits until they are.</summary>
    public static List<(Announcement Content, SimulatedNode By)> Announce(
        this SimulatedNetwork network, IReadOnlyList<SimulatedNode> nodes, int count)
    {
        var announced = new List<(Announcement, SimulatedNode)>();
        var running = new List<Task>();
        for (var i = 0; i < count; i++)
        {
            var (content, by) = (Content(i), nodes[network.Random.Next(nodes.Count)]);
            announced.Add((content, by));
            running.Add(by.Node.Announce(content.Key(), content));
        }

        network.RunUntil(() => running.TrueForAll(static task => task.IsCompleted), TimeSpan.FromMinutes(5));
        return announced;
    }

    /// <summary>Looks all of them up, one after the other, each from another random node.</summary>
    public static LookupStatistics Find(
        this SimulatedNetwork network, IReadOnlyList<SimulatedNode> nodes,
        IReadOnlyList<(Announcement Content, SimulatedNode By)> announced)
    {
        var statistics = new LookupStatistics(nodes.Count);
        foreach (var (content, by) in announced)
        {
            SimulatedNode finder;
            do
            {
                finder = nodes[network.Random.Next(nodes.Count)];
            }
            while (finder == by);
            finder.Reports.Clear();
            var datagrams = finder.Node.Traffic.PacketsIn + finder.Node.Traffic.PacketsOut;
            var search = SimulatedSearch.Run(network, finder, content.Key());
            statistics.Add(
                search, search.Peers.Exists(peer => peer.Peer == by.Endpoint), finder.Reports,
                finder.Node.Traffic.PacketsIn + finder.Node.Traffic.PacketsOut - datagrams);
        }

        return statistics;
    }

    public static Announcement Content(int number, int pieces = 1)
    {
        var hash = ContentHash.Of(System.Text.Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
        var length = ((pieces - 1) * 512L * 1024) + 1;
        return new Announcement(hash, length, pieces == 1 ? null : new PieceList(length, [.. Enumerable.Repeat(hash, pieces)]));
    }

    public static NodeId Key(this Announcement announcement) => new KeySpace(NetworkSecret.None).KeyOf(announcement.Hash);

    public static T Percentile<T>(this IEnumerable<T> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }
}
