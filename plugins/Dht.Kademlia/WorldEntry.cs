using System.Net;
using System.Net.Sockets;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Meeting;
using AptP2P.Dht.Kademlia.Node;
using AptP2P.Dht.Kademlia.Reachability;
using AptP2P.Dht.Kademlia.Routing;
using Microsoft.Extensions.Logging;

namespace AptP2P.Dht.Kademlia;

/// <summary>
/// A node's way into the network: who names other nodes, in their order, and whether those reach this one. What is found out is told to the
/// node, and shown.
/// </summary>
internal sealed partial class WorldEntry : IAsyncDisposable
{
    /// <summary>Addresses and links change one after the other when a machine comes to another network.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    private const int MaxPorts = 4; // tried at a node that is asked whether it reaches this one

    private readonly KademliaOptions _options;
    private readonly KademliaEnvironment _environment;
    private readonly KademliaNode _node;
    private readonly IMachineAddresses _addresses;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _tasks = [];
    private readonly List<ReachWatch> _watches = [];
    private NamedNodes? _named;
    private MainlineSocket? _socket;
    private Mainline? _mainline;
    private MeetingPoint? _meeting;

    public WorldEntry(
        KademliaOptions options, KademliaEnvironment environment, KademliaNode node, IMachineAddresses addresses, TimeProvider time,
        ILogger logger)
    {
        (_options, _environment, _node, _addresses, _time, _logger) = (options, environment, node, addresses, time, logger);
        Own = new OwnNetwork(node, addresses, time);
    }

    /// <summary>Whether others could ask an earlier run in a family.</summary>
    public Func<AddressFamily, bool> WasReached { get; init; } = static _ => false;

    /// <summary>The node, as the ways in see it.</summary>
    public OwnNetwork Own { get; }

    /// <summary>Whether it can be reached, in each family; none if nobody of the world is dealt with.</summary>
    public IReadOnlyList<ReachWatch> Watches => _watches;

    /// <summary>The meeting point, if it is used.</summary>
    public MeetingPoint? Meeting => _meeting;

    /// <summary>Our node in Mainline, if it is used.</summary>
    public Mainline? Mainline => _mainline;

    private ushort Port => (ushort)_environment.EndPoint.Port;

    public async Task StartAsync(NetworkParts parts, CancellationToken cancellationToken)
    {
        var isWorld = _environment.Reach == PeerReach.World;
        var records = new ServiceRecords(_options, static () => ResolverFile.Read(ResolverFile.SystemPath));
        _named = new NamedNodes(
            _options, NodeNames.OfSystem(_options, "Names of nodes", _logger), isWorld ? records.FindAsync : null, Own,
            endpoint => isWorld || _addresses.IsNear(endpoint.ToIPEndPoint().Address), _time);
        _tasks.Add(_named.WatchAsync(_stop.Token));
        if (isWorld && !_options.Open) // who takes everybody is in Mainline, or in a lab
        {
            await StartMeetingAsync(parts.MeetingMetrics, cancellationToken);
            StartWatches(parts);
            _tasks.AddRange(parts.Mappings.Select(WatchAsync));
        }

        _tasks.Add(FollowChangesAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _meeting?.Dispose();
        _mainline?.Dispose();
        await Task.WhenAll(_tasks);
        _named?.Dispose();
        if (_mainline is not null)
        {
            await _mainline.Resolving;
        }

        if (_socket is not null)
        {
            await _socket.DisposeAsync();
        }

        _stop.Dispose();
    }

    /// <summary>Saves which nodes of Mainline answer.</summary>
    public Task SaveAsync(CancellationToken cancellationToken) => _socket?.SaveAsync(cancellationToken) ?? Task.CompletedTask;

    private async Task StartMeetingAsync(MeetingMetrics metrics, CancellationToken cancellationToken)
    {
        if (_options.Routers.Length == 0)
        {
            return;
        }

        _socket = new MainlineSocket(_options, _environment, _time, new UnguessableRandom(), _logger);
        await _socket.ReadAsync(cancellationToken);
        _mainline = new Mainline(_options, _socket.Saved, _socket.Open, NodeNames.OfSystem(_options, "Mainline's routers", _logger));
        _meeting = new MeetingPoint(_options, MeetingKey.Of(_environment.Secret), Own, _mainline, _time, new UnguessableRandom());
        metrics.Watch(_mainline, _meeting);
    }

    private void StartWatches(NetworkParts parts)
    {
        var hands = new ReachHands(
            family => _node.NodesElsewhere(family == AddressFamily.InterNetworkV6, ReachWatch.MaxAsked),
            (node, tcp, udp, cancellation) => AskAsync(parts.Questions, node, tcp, udp, cancellation), OwnAddress, Changed)
        {
            WasReached = WasReached,
        };
        foreach (var isV6 in _node.Families.All.Select(static family => family.IsV6))
        {
            var family = isV6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
            _watches.Add(new ReachWatch(family, Port, _options, hands, _addresses, _time, new UnguessableRandom(), _logger));
        }

        parts.ReachMetrics.Watch(_watches);
        _tasks.AddRange(_watches.Select(watch => watch.RunAsync(_stop.Token)));
    }

    /// <summary>
    /// Asks a node at the port that it is known by; then at those that somebody has named there, and at the usual one: a NAT in front of
    /// it may show another than it passes on.
    /// </summary>
    private async Task<ReachAnswer?> AskAsync(
        ReachQuestions questions, UdpEndpoint node, ushort tcp, ushort udp, CancellationToken cancellationToken)
    {
        foreach (var port in Own.Ways.PortsAt(node).Prepend(node.Port).Append(Port).Distinct().Take(MaxPorts))
        {
            if (await questions.AskAsync(node.WithPort(port), tcp, udp, cancellationToken) is { } answer)
            {
                return answer;
            }
        }

        return null;
    }

    private async Task WatchAsync(IPortMapping mapping)
    {
        try
        {
            await foreach (var mapped in mapping.WatchAsync(_stop.Token))
            {
                _watches.Find(watch => watch.Family == mapped.Family)?.Mapped(mapped);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // stopping
        }
        catch (Exception exception) when (exception is IOException or SocketException or InvalidOperationException)
        {
            LogMappingFailed(exception.Message);
        }
    }

    private async Task FollowChangesAsync()
    {
        try
        {
            for (var seen = _addresses.Changes; ;)
            {
                await _addresses.WaitForChangeAsync(seen, _stop.Token);
                await Task.Delay(Settling, _time, _stop.Token);
                seen = _addresses.Changes;
                Own.NetworkChanged();
                _node.NetworkChanged();
                _named?.NetworkChanged();
                _meeting?.NetworkChanged();
                _watches.ForEach(static watch => watch.NetworkChanged());
            }
        }
        catch (OperationCanceledException)
        {
            // stopping
        }
    }

    private void Changed(ReachWatch changed)
    {
        var state = changed.State;
        _node.SetStanding(changed.Family == AddressFamily.InterNetworkV6, new Standing
        {
            AnswersWorld = state.MayBeAsked,
            AnnouncesToWorld = state.IsConfirmed,
            MappedTcp = state.Mapping?.Tcp is { } tcp ? UdpEndpoint.From(tcp) : null,
            MappedUdp = state.Mapping?.Udp is { } udp ? UdpEndpoint.From(udp) : null,
        });
        _meeting?.SetEndpoints(PlaceOf(AddressFamily.InterNetwork), PlaceOf(AddressFamily.InterNetworkV6));
    }

    /// <summary>Where others reach the node; <see langword="null"/> where they do not.</summary>
    private UdpEndpoint? PlaceOf(AddressFamily family) =>
        _watches.Find(watch => watch.Family == family)?.State is { MayBeAsked: true, Mapping: var mapping }
            ? UdpEndpoint.From(mapping?.Udp ?? new IPEndPoint(PublicAddress(family), Port))
            : null;

    private IPAddress PublicAddress(AddressFamily family) =>
        _addresses.Current.FirstOrDefault(address => address.AddressFamily == family && address.Scope() == AddressScope.Public)
        ?? (family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any);

    /// <summary>This machine's address on the way to the world, by asking the system, which sends nothing.</summary>
    private static IPAddress? OwnAddress(AddressFamily family)
    {
        try
        {
            using var socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(family == AddressFamily.InterNetwork ? "192.0.2.1" : "2001:db8::1", 9);
            return (socket.LocalEndPoint as IPEndPoint)?.Address;
        }
        catch (SocketException)
        {
            return null; // no way to the world
        }
    }

    [LoggerMessage(2031, LogLevel.Warning, "What maps the router's ports says no more: {Reason}")]
    private partial void LogMappingFailed(string reason);
}
