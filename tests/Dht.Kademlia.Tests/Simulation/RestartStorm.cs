using System.Globalization;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Dht.Kademlia.State;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

/// <summary>A network whose nodes each have some contents, and what happens when all of them restart at about the same time.</summary>
internal sealed class RestartStorm
{
    private const int SearchesPerSecond = 5;
    private static readonly Standing Unconfirmed = new() { AnnouncesToWorld = false };

    private readonly SimulatedNetwork _network;
    // a cycle of announcing in a quarter of the time, so that each content has been through one
    private readonly KademliaOptions _options = new()
    {
        RateCells = 64,
        ReannounceMin = TimeSpan.FromMinutes(4),
        ReannounceMax = TimeSpan.FromMinutes(8),
        ContactLife = TimeSpan.FromMinutes(12),
    };

    private readonly List<int> _announcers = []; // of each content, by its number
    private readonly SimulatedNode?[] _nodes;
    private readonly PriorityQueue<Action, TimeSpan> _restarts = new();

    /// <param name="nodes">How many nodes.</param>
    /// <param name="contents">What each of them has, by its number.</param>
    /// <param name="seed">Of all that is random.</param>
    public RestartStorm(int nodes, Func<int, int> contents, int seed)
    {
        (_network, _nodes) = (new SimulatedNetwork(seed), new SimulatedNode?[nodes]);
        for (var i = 0; i < nodes; i++)
        {
            var announced = Enumerable.Range(_announcers.Count, contents(i))
                .Select(static number => SimulatedNetworks.Content(number))
                .Select(static content => new SavedAnnouncement(content.Key(), content))
                .ToList();
            _announcers.AddRange(Enumerable.Repeat(i, announced.Count));
            Start(i, new NodeState { Announced = announced }, i == 0 ? [] : [_nodes[_network.Random.Next(i)]!.Endpoint]);
            _network.Time.Advance(TimeSpan.FromMilliseconds(50));
        }

        _network.Time.Advance(TimeSpan.FromMinutes(10.5)); // the nodes are confirmed, and each content was announced again
    }

    /// <summary>Stops each node at a random time, and starts it again after a while with what it saved.</summary>
    public void Restart(TimeSpan within, TimeSpan down)
    {
        for (var i = 0; i < _nodes.Length; i++)
        {
            var (index, at) = (i, _network.Time.Elapsed + (within * _network.Random.NextDouble()));
            _restarts.Enqueue(() => Stop(index, at + down), at);
        }
    }

    /// <summary>Lets time pass, while random nodes that run look for contents of others.</summary>
    public Report Watch(TimeSpan duration)
    {
        var report = new Report();
        for (var end = _network.Time.Elapsed + duration; _network.Time.Elapsed < end;)
        {
            var second = _network.Time.Elapsed + TimeSpan.FromSeconds(1);
            var before = Running().ToDictionary(static node => node, Packets);
            for (var i = 0; i < SearchesPerSecond; i++)
            {
                Search(report);
            }

            while (_restarts.TryPeek(out var next, out var at) && at <= second)
            {
                _network.Time.Advance(at - _network.Time.Elapsed);
                _restarts.Dequeue();
                next();
            }

            _network.Time.Advance(second - _network.Time.Elapsed);
            report.Seconds.AddRange([Running().Select(node => Packets(node) - before.GetValueOrDefault(node)).ToArray()]);
        }

        _network.Time.Advance(TimeSpan.FromSeconds(5)); // for the last searches
        report.Forget(search => !Running().Contains(search)); // they ended with the node that searched
        return report;
    }

    private static long Packets(SimulatedNode node) => node.Node.Traffic.PacketsIn + node.Node.Traffic.PacketsOut;

    private IEnumerable<SimulatedNode> Running() => _nodes.OfType<SimulatedNode>();

    private void Search(Report report)
    {
        var number = _network.Random.Next(_announcers.Count);
        var by = SimulatedNetworks.Address(_announcers[number]);
        var running = Running().Where(node => node.Endpoint != by).ToList();
        if (running.Count > 0)
        {
            var finder = running[_network.Random.Next(running.Count)];
            report.Add(finder, SimulatedSearch.Start(_network, finder, SimulatedNetworks.Content(number).Key()), by);
        }
    }

    private void Stop(int index, TimeSpan startAt)
    {
        var node = _nodes[index]!;
        var state = node.Node.Save();
        _network.Kill(node);
        _nodes[index] = null;
        _restarts.Enqueue(() => Start(index, state, state.Nodes, node.Delay), startAt);
    }

    private void Start(int index, NodeState state, IEnumerable<UdpEndpoint> entrances, TimeSpan? delay = null)
    {
        var node = new SimulatedNode(_network, SimulatedNetworks.Address(index), _options, state.IdV4)
        {
            Delay = delay ?? SimulatedNetworks.RandomDelay(_network.Random),
        };
        node.Node.Restore(state);
        node.Node.Start(entrances);
        _nodes[index] = node;
        if (delay is not null) // a restart: whether others reach it is found out again
        {
            node.Node.SetStanding(v6: false, Unconfirmed);
            var confirmed = TimeSpan.FromSeconds(5 + (10 * _network.Random.NextDouble()));
            _restarts.Enqueue(() => node.Node.SetStanding(v6: false, new Standing()), _network.Time.Elapsed + confirmed);
        }
    }

    /// <summary>What was seen while time passed.</summary>
    internal sealed class Report
    {
        /// <summary>In each second, the datagrams of each node, in and out.</summary>
        public List<long[]> Seconds { get; } = [];

        private readonly List<(SimulatedNode Finder, SimulatedSearch Search, UdpEndpoint By)> _searches = [];

        public int Searches => _searches.Count;

        public int Found => _searches.Count(static one => one.Search.Peers.Exists(peer => peer.Peer == one.By));

        public TimeSpan Done(double share) => _searches.Select(static one => one.Search.Done ?? TimeSpan.MaxValue).Percentile(share);

        /// <summary>Datagrams of a node in a second, on average.</summary>
        public double PerSecond => Seconds.Average(static second => second.Length == 0 ? 0 : second.Average());

        /// <summary>Datagrams of a node in the worst second, on average over the nodes.</summary>
        public double WorstSecond => Seconds.Max(static second => second.Length == 0 ? 0 : second.Average());

        /// <summary>Of that node which had most, in a second.</summary>
        public long WorstNode => Seconds.Max(static second => second.Length == 0 ? 0 : second.Max());

        public void Add(SimulatedNode finder, SimulatedSearch search, UdpEndpoint by) => _searches.Add((finder, search, by));

        public void Forget(Predicate<SimulatedNode> whose) => _searches.RemoveAll(one => whose(one.Finder));

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Found}/{Searches} found, done {Done(0.5).TotalMilliseconds:F0}/{Done(0.95).TotalMilliseconds:F0} ms; datagrams per node and "
            + $"second: {PerSecond:F1} on average, {WorstSecond:F1} in the worst second, {WorstNode} of one node");
    }
}
