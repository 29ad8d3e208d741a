using System.Net;
using System.Net.Sockets;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Node;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Dht.Kademlia.State;
using AptP2P.Dht.Kademlia.Transport;
using Microsoft.Extensions.Logging;

namespace AptP2P.Dht.Kademlia.Meeting;

/// <summary>
/// The socket and the saved table of our node in Mainline. Both are its own: nobody there learns our network's port from its packets.
/// </summary>
internal sealed partial class MainlineSocket(
    KademliaOptions options, KademliaEnvironment environment, TimeProvider time, Random random, ILogger logger) : IAsyncDisposable
{
    private readonly SavedState _file = new(Path.Combine(environment.StateFolder, "mainline.state"), logger);
    private NodeState _saved = new();
    private UdpTransport? _transport;
    private KademliaNode? _node;
    private bool _hasFailed;

    /// <summary>Nodes that answered in an earlier run.</summary>
    public IReadOnlyList<UdpEndpoint> Saved => _saved.Nodes;

    public async Task ReadAsync(CancellationToken cancellationToken) =>
        _saved = await _file.ReadAsync(cancellationToken) ?? _saved;

    /// <summary>Makes the node, on a port that the system chooses.</summary>
    public KademliaNode? Open()
    {
        try
        {
            _transport = UdpTransport.Bind(new IPEndPoint(environment.EndPoint.Address, 0));
        }
        catch (SocketException exception)
        {
            if (!_hasFailed)
            {
                LogNoSocket(exception.Message);
            }

            _hasFailed = true;
            return null;
        }

        var setup = new NodeSetup(
            _transport.V4 is { } v4 ? new FamilySetup(v4, BoundNodeId.Keep(_saved.IdV4, v4, random), v4.Port) : null,
            _transport.V6 is { } v6 ? new FamilySetup(v6, BoundNodeId.Keep(_saved.IdV6, v6, random), v6.Port) : null);
        _node = new KademliaNode(MainlineOptions.Of(options), setup, _transport, time, random);
        _transport.Start(_node);
        return _node;
    }

    /// <summary>Saves which nodes answer, if any do: those of before are better than none.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        if (_node?.Save() is { Nodes.Count: > 0 } state)
        {
            await _file.WriteAsync(state, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await SaveAsync(CancellationToken.None);
        _node?.Dispose();
        if (_transport is not null)
        {
            await _transport.DisposeAsync();
        }
    }

    [LoggerMessage(2030, LogLevel.Warning, "No socket for Mainline ({Reason}): the world's nodes are found by other ways only")]
    private partial void LogNoSocket(string reason);
}
