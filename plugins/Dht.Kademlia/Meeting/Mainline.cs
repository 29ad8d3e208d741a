using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Announcing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Node;
using AptP2P.Dht.Kademlia.Queries;

namespace AptP2P.Dht.Kademlia.Meeting;

/// <summary>
/// Our node in BitTorrent's Mainline DHT. It is made when it is first needed, and begins with the nodes that it knew last; the routers are
/// asked only while these do not answer.
/// </summary>
/// <param name="options">The options of our own network's node.</param>
/// <param name="saved">Nodes that answered in an earlier run.</param>
/// <param name="open">Makes the node; <see langword="null"/> if there is no socket to be had.</param>
/// <param name="names">Resolves the routers' names.</param>
internal sealed class Mainline(KademliaOptions options, IReadOnlyList<UdpEndpoint> saved, Func<KademliaNode?> open, NodeNames names)
    : IDisposable
{
    private const int SavedAtOnce = 16; // enough that some answer, if any do

    private readonly CancellationTokenSource _stop = new();
    private KademliaNode? _node;
    private long _heard = -1;

    /// <summary>What it has sent and received; <see langword="null"/> while it was not needed.</summary>
    public Traffic? Traffic => _node?.Traffic;

    /// <summary>A look-up that waits for names, or did.</summary>
    public Task Resolving { get; private set; } = Task.CompletedTask;

    /// <summary>Looks a key up, and announces ports for it. One at a time; the sink is told of the end, whatever happens.</summary>
    public void Begin(NodeId key, RendezvousPorts ports, IPeerSink sink)
    {
        if ((_node ??= open()) is not { } node)
        {
            sink.Ended();
            return;
        }

        var (isFirst, isHeard) = (_heard < 0, node.Traffic.PacketsIn > _heard);
        _heard = node.Traffic.PacketsIn;
        if (!isFirst && isHeard && node.Known().Count >= options.BucketSize)
        {
            node.Meet(key, ports, [], sink);
        }
        else if (isFirst && saved.Count > 0)
        {
            node.Meet(key, ports, [.. saved.Take(SavedAtOnce)], sink);
        }
        else
        {
            Resolving = BeginAsync(node, key, ports, sink);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task BeginAsync(KademliaNode node, NodeId key, RendezvousPorts ports, IPeerSink sink)
    {
        try
        {
            node.Meet(key, ports, await names.ResolveAsync(options.Routers, _stop.Token), sink);
        }
        catch (OperationCanceledException)
        {
            sink.Ended();
        }
    }
}
