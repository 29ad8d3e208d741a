using System.Net;
using System.Net.Sockets;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Meeting;
using AptP2P.Dht.Kademlia.Node;
using AptP2P.Dht.Kademlia.Reachability;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Dht.Kademlia.State;
using AptP2P.Dht.Kademlia.Transport;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AptP2P.Dht.Kademlia;

/// <summary>
/// Runs the node in the daemon: its sockets, its saved state, and the endpoints to join by. If its port cannot be bound, the daemon goes on
/// without the DHT: apt must be served.
/// </summary>
internal sealed partial class KademliaService : IHostedService, IAsyncDisposable
{
    // the host announces a content once: the node must know it after a crash, too
    private static readonly TimeSpan SoonSaved = TimeSpan.FromSeconds(10);

    private readonly KademliaOptions _options;
    private readonly KademliaEnvironment _environment;
    private readonly NetworkParts _parts;
    private readonly KademliaMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<KademliaService> _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _tasks = [];
    private readonly SavedState _saved;
    private UdpTransport? _transport;
    private bool _disposed;

    public KademliaService(
        IOptions<KademliaOptions> options,
        KademliaEnvironment environment,
        NetworkParts parts,
        KademliaMetrics metrics,
        ILogger<KademliaService> logger,
        TimeProvider? time = null)
    {
        (_options, _environment, _parts, _metrics, _logger) = (options.Value, environment, parts, metrics, logger);
        _time = time ?? TimeProvider.System;
        _saved = new SavedState(Path.Combine(environment.StateFolder, "node.state"), logger);
    }

    /// <summary>The node while the service runs.</summary>
    public KademliaNode? Node { get; private set; }

    /// <summary>Its way into the network, while the service runs.</summary>
    public WorldEntry? Entry { get; private set; }

    /// <summary>Why there is no node, where it could not be started.</summary>
    public string? Failure { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_environment.Reach == PeerReach.Off)
        {
            return;
        }

        try
        {
            _transport = _environment.Sockets.Count > 0 ? UdpTransport.Use(_environment.Sockets) : UdpTransport.Bind(_environment.EndPoint);
        }
        catch (SocketException exception)
        {
            Failure = exception.Message;
            LogNoSocket(_environment.EndPoint, Failure);
            return;
        }

        var state = await _saved.ReadAsync(cancellationToken) ?? new NodeState();
        var random = new UnguessableRandom();
        var vicinity = new Vicinity
        {
            IsAll = _environment.Reach == PeerReach.Lan,
            IsOnLink = endpoint => _parts.Addresses.IsNear(endpoint.ToIPEndPoint().Address),
            IsOwn = endpoint => _parts.Addresses.Current.Contains(endpoint.ToIPEndPoint().Address),
        };
        var setup = new NodeSetup(FamilyAt(_transport.V4, state.IdV4), FamilyAt(_transport.V6, state.IdV6))
        {
            Secret = _environment.Secret, LookupEnded = _metrics.LookupEnded,
        };
        Node = new KademliaNode(_options, setup, _transport, _time, random);
        Node.Restore(state);
        _metrics.Watch(Node);
        _transport.Start(Node);
        var isFresh = _time.GetUtcNow() - state.Saved < _options.GoodNodeLife; // after hours, the machine may be anywhere
        Entry = new WorldEntry(_options, _environment, Node, _parts.Addresses, _time, _logger)
        {
            WasReached = family => isFresh && (family == AddressFamily.InterNetworkV6 ? state.IsOpenV6 : state.IsOpenV4),
        };
        Entry.Own.Ways.Named(Way.Saved, state.Nodes);
        Entry.Own.Ways.Named(Way.Bootstrap, NodeNames.Literals(_options.Bootstrap));
        Node.Start([.. state.Nodes, .. NodeNames.Literals(_options.Bootstrap)]);
        _tasks.Add(SaveRegularlyAsync(Node, Entry, _stop.Token));
        _tasks.AddRange(_parts.Neighbours.Select(neighbours => WatchAsync(neighbours, Entry.Own, _stop.Token)));
        await Entry.StartAsync(_parts, cancellationToken);
        LogStarted(_environment.EndPoint, state.Nodes.Count, state.Announced.Count);

        FamilySetup? FamilyAt(UdpEndpoint? bound, NodeId? before) => bound is { } at
            ? new FamilySetup(at, BoundNodeId.Keep(before, at, random), (ushort)_environment.EndPoint.Port) { Vicinity = vicinity }
            : null;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_tasks);
        _tasks.Clear();
        if (Entry is { } entry)
        {
            Entry = null;
            await entry.DisposeAsync();
        }

        if (Node is { } node)
        {
            Node = null;
            await _saved.WriteAsync(node.Save(), cancellationToken);
            node.Dispose();
        }

        if (_transport is not null)
        {
            await _transport.DisposeAsync();
            _transport = null;
        }
    }

    /// <summary>The container calls it twice, since the service is registered twice: as itself and as a hosted service.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await StopAsync(CancellationToken.None);
        _stop.Dispose();
    }

    private async Task SaveRegularlyAsync(KademliaNode node, WorldEntry entry, CancellationToken cancellationToken)
    {
        var tick = _options.SaveInterval < SoonSaved ? _options.SaveInterval : SoonSaved;
        var (saved, version) = (_time.GetTimestamp(), node.AnnouncedVersion);
        using var timer = new PeriodicTimer(tick, _time);
        var presence = new Presence(_options.GoodNodeLife, _logger);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                presence.Look(node, entry.Own);
                if (node.AnnouncedVersion != version || _time.GetElapsedTime(saved) >= _options.SaveInterval)
                {
                    (saved, version) = (_time.GetTimestamp(), node.AnnouncedVersion);
                    await _saved.WriteAsync(node.Save(), cancellationToken);
                    await entry.SaveAsync(cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // stopping; StopAsync saves once more
        }
    }

    /// <summary>An endpoint to connect to: with the interface of a link-local address, as far as it is known.</summary>
    public IPEndPoint ToIPEndPoint(UdpEndpoint endpoint) => _transport?.Scopes?.ToIPEndPoint(endpoint) ?? endpoint.ToIPEndPoint();

    private async Task WatchAsync(INeighbours neighbours, OwnNetwork own, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var endPoint in neighbours.WatchAsync(cancellationToken))
            {
                _transport?.Scopes?.Learn(endPoint);
                own.Enter(Way.Neighbours, [UdpEndpoint.From(endPoint)]);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // stopping
        }
        catch (Exception exception) when (exception is IOException or SocketException or InvalidOperationException)
        {
            LogNeighboursFailed(neighbours.GetType().Name, exception.Message);
        }
    }

    [LoggerMessage(2000, LogLevel.Information, "DHT on UDP {EndPoint}: {Nodes} nodes known from before, {Announced} contents to announce")]
    private partial void LogStarted(IPEndPoint endPoint, int nodes, int announced);

    [LoggerMessage(
        2001, LogLevel.Error, "No DHT: UDP {EndPoint} cannot be bound ({Reason}). Peers are not found and not told; everything else works")]
    private partial void LogNoSocket(IPEndPoint endPoint, string reason);

    [LoggerMessage(2004, LogLevel.Warning, "{Neighbours} stopped telling of neighbours: {Reason}")]
    private partial void LogNeighboursFailed(string neighbours, string reason);
}

/// <summary>What the service needs of others.</summary>
internal sealed record NetworkParts(
    IEnumerable<INeighbours> Neighbours, IEnumerable<IPortMapping> Mappings, IMachineAddresses Addresses, ReachQuestions Questions,
    ReachMetrics ReachMetrics, MeetingMetrics MeetingMetrics);
