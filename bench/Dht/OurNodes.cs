using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Node;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Dht.Kademlia.Transport;

namespace AptP2P.Bench.Dht;

/// <summary>
/// Our nodes in a process of their own, on real sockets, driven by the same lines of JSON as the foreign ones.
/// Arguments: BLOCK FIRST COUNT PORT. Node n is at BLOCK.(FIRST + n).1:PORT.
/// </summary>
internal static class OurNodes
{
    private static readonly Lock Saying = new();

    public static async Task<int> RunAsync(string[] arguments)
    {
        var (block, first, count, port) = (arguments[0], Number(arguments[1]), Number(arguments[2]), Number(arguments[3]));
        var random = new Random(1);
        var nodes = new List<OurNode>();
        for (var n = 0; n < count; n++)
        {
            var node = new OurNode(new IPEndPoint(IPAddress.Parse($"{block}.{first + n}.1"), port), random);
            node.Start(nodes.Count > 0 ? [nodes[random.Next(nodes.Count)].EndPoint] : []);
            nodes.Add(node);
            await node.KnowsAsync(Math.Min(1, n)); // one after the other, as the foreign ones
        }

        foreach (var node in nodes)
        {
            await node.KnowsAsync(Math.Min(8, count - 1));
        }

        Say(new { nodes = nodes.Select(static node => $"{node.EndPoint}") });
        var running = new List<Task>();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            running.RemoveAll(static task => task.IsCompletedSuccessfully);
            running.Add(AnswerAsync(nodes, JsonElement.Parse(line)));
        }

        await Task.WhenAll(running);
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        return 0;
    }

    private static async Task AnswerAsync(List<OurNode> nodes, JsonElement command)
    {
        var node = nodes[command.GetProperty("node").GetInt32()];
        var key = new NodeId(Convert.FromHexString(command.GetProperty("key").GetString()!));
        var result = command.GetProperty("do").GetString() == "announce" ? await node.AnnounceAsync(key) : await node.FindAsync(key);
        Say(
            new
            {
                id = command.GetProperty("id").GetInt32(),
                peers = result.Peers,
                first = result.First,
                done = result.Done,
                datagrams = result.Datagrams,
            });
    }

    private static void Say(object answer)
    {
        lock (Saying)
        {
            Console.WriteLine(JsonSerializer.Serialize(answer));
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>One of them: what the plugin makes of a node, without the daemon around it.</summary>
internal sealed class OurNode : IAsyncDisposable
{
    private readonly UdpTransport _transport;
    private readonly KademliaNode _node;

    public OurNode(IPEndPoint at, Random random)
    {
        EndPoint = at;
        _transport = UdpTransport.Bind(at);
        var setup = new FamilySetup(_transport.V4!.Value, BoundNodeId.Create(_transport.V4.Value, random), (ushort)at.Port);
        _node = new KademliaNode(
            new KademliaOptions(), new NodeSetup(setup, null), _transport, TimeProvider.System, new Random(random.Next()));
    }

    public IPEndPoint EndPoint { get; }

    private long Datagrams => _node.Traffic.PacketsIn + _node.Traffic.PacketsOut;

    public void Start(IEnumerable<IPEndPoint> entrances)
    {
        _transport.Start(_node);
        _node.Start(entrances.Select(UdpEndpoint.From));
    }

    public async Task KnowsAsync(int nodes)
    {
        while (_node.Families.V4!.Table.Count < nodes)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    public async Task<Result> AnnounceAsync(NodeId key)
    {
        var (before, started) = (Datagrams, Stopwatch.GetTimestamp());
        await _node.Announce(key, new Announcement(ContentHash.Of(key.ToArray()), 1, null));
        return new Result([], null, Stopwatch.GetElapsedTime(started).TotalSeconds, Datagrams - before);
    }

    public async Task<Result> FindAsync(NodeId key)
    {
        var before = Datagrams;
        var search = new Search();
        _node.FindPeers(key, search);
        await search.Ends.Task;
        return new Result([.. search.Peers.Select(static peer => $"{peer}")], search.First, search.Done, Datagrams - before);
    }

    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync();
        _node.Dispose();
    }

    public sealed record Result(string[] Peers, double? First, double Done, long Datagrams);

    private sealed class Search : IPeerSink
    {
        private readonly long _started = Stopwatch.GetTimestamp();

        public List<UdpEndpoint> Peers { get; } = [];

        public double? First { get; private set; }

        public double Done { get; private set; }

        public TaskCompletionSource Ends { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Found(UdpEndpoint peer, ReadOnlySpan<byte> claim)
        {
            First ??= Stopwatch.GetElapsedTime(_started).TotalSeconds;
            Peers.Add(peer);
        }

        public void Ended()
        {
            Done = Stopwatch.GetElapsedTime(_started).TotalSeconds;
            Ends.SetResult();
        }
    }
}
