using System.Net;
using System.Net.Sockets;
using AptP2P.Ports.Configuration;
using AptP2P.Ports.Gateways;
using AptP2P.Ports.Igd;
using AptP2P.Ports.Keeping;
using AptP2P.Ports.NatPmp;
using AptP2P.Ports.Pcp;
using AptP2P.Ports.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AptP2P.Ports;

/// <summary>
/// Follows the routers of this machine from network to network, in the background: nobody waits for a router.
/// </summary>
internal sealed partial class PortMappingService : IHostedService, IPortMapping, IAsyncDisposable
{
    /// <summary>After a change the address comes before the route, so it is looked again soon, and then ever more seldom.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(64);

    private readonly PluginContext _context;
    private readonly PortMappingOptions _options;
    private readonly IMachineAddresses _addresses;
    private readonly TimeProvider _time;
    private readonly ILogger<PortMappingService> _logger;
    private readonly DefaultRoutes _routes;
    private readonly Announcements _announcements;
    private readonly Crew _crew;
    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;
    private bool _disposed;

    public PortMappingService(
        PluginContext context,
        IOptions<PortMappingOptions> options,
        SocketNetwork network,
        IMachineAddresses addresses,
        PortsMetrics metrics,
        ILogger<PortMappingService> logger,
        TimeProvider time,
        Random random)
    {
        (_context, _options, _addresses, _time, _logger) = (context, options.Value, addresses, time, logger);
        (_routes, _announcements) = (new DefaultRoutes(network), new Announcements(network));
        Board = new Board((before, after, by) =>
        {
            metrics.Mapped(before, after);
            Log(before, after, by);
        });
        var question = new Question(network, time, _options.Patience);
        IMappingProtocol[] protocols =
        [
            new PcpProtocol(question, new NonceKey(context.StateFolder), time, random),
            new NatPmpProtocol(question, time),
            new IgdProtocol(network, time, random, _options.Patience),
        ];
        var setup = new KeeperSetup(context.EndPoint.Port, protocols, _options, time, random) { Attempted = metrics.Attempted };
        _crew = new Crew(setup, Board, (gateway, exception) => LogFailed(exception, gateway.Address));
    }

    /// <summary>How it stands.</summary>
    public Board Board { get; }

    public IAsyncEnumerable<PortMapping> WatchAsync(CancellationToken cancellationToken) => Board.WatchAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (FindObstacle() is { } obstacle)
        {
            Board.Say(new PortMapping(AddressFamily.InterNetwork, null, null, obstacle), null);
            Board.Say(new PortMapping(AddressFamily.InterNetworkV6, null, null, obstacle), null);
        }
        else
        {
            _work = Task.Run(() => Task.WhenAll(FollowAsync(_stop.Token), _announcements.RunAsync(Hear, _stop.Token)), cancellationToken);
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _crew.LeaveAsync();
    }

    /// <summary>The container calls it more than once, since the service is registered more than once.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            await StopAsync(CancellationToken.None);
            _stop.Dispose();
        }
    }

    private string? FindObstacle() =>
        _context.Reach != PeerReach.World
            ? $"no port is mapped, since [Sharing] Reach is not world but {_context.Reach.ToString().ToLowerInvariant()}"
        : IPAddress.IsLoopback(_context.EndPoint.Address) && _options.Gateways.Length == 0
            ? $"this node listens on {_context.EndPoint.Address} only, where no router leads"
            : null;

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var (seen, look) = (_addresses.Changes, FirstLook);
        while (true)
        {
            _crew.Follow([.. _routes.Find(_options.Gateways).Where(gateway => Listens(gateway.Family))]);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var change = _addresses.WaitForChangeAsync(seen, end.Token);
            var timer = Task.Delay(look, _time, end.Token);
            await Task.WhenAny(change, timer);
            await end.CancelAsync();
            await Task.WhenAll(change, timer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (change.IsCompletedSuccessfully)
            {
                (seen, look) = (await change, FirstLook);
                _crew.Move();
            }
            else
            {
                look = look < LongestLook ? look * 2 : LongestLook;
            }
        }
    }

    private bool Listens(AddressFamily family) =>
        _context.EndPoint.Address.Equals(IPAddress.IPv6Any) || _context.EndPoint.AddressFamily == family;

    private void Hear(IPAddress from, ReadOnlyMemory<byte> datagram)
    {
        if (PcpAnswer.ReadAnnouncement(datagram.Span) is not null || NatPmpMessage.ReadAddress(datagram.Span) is not null)
        {
            _crew.Hear(from);
        }
    }

    private void Log(PortMapping? before, PortMapping after, Held? by)
    {
        var family = after.Family == AddressFamily.InterNetwork ? "IPv4" : "IPv6";
        var hadAny = before is { Tcp: not null } or { Udp: not null };
        if (after is { Tcp: { } tcp, Udp: { } udp } && by is not null)
        {
            LogMapped(by.Gateway.Address, tcp, udp, by.Protocol);
        }
        else if (hadAny)
        {
            LogLost(family, after.Reason);
        }
        else if (by is not null)
        {
            LogNone(family, after.Reason); // that there is no router, or no need of one, is nothing to be told of
        }
    }

    [LoggerMessage(7000, LogLevel.Information, "The router at {Router} passes TCP {Tcp} and UDP {Udp} to this node, by {Protocol}")]
    private partial void LogMapped(IPAddress router, IPEndPoint tcp, IPEndPoint udp, string? protocol);

    [LoggerMessage(7001, LogLevel.Information, "The port is no longer mapped for {Family}: {Reason}")]
    private partial void LogLost(string family, string? reason);

    [LoggerMessage(7002, LogLevel.Information, "No port is mapped for {Family}: {Reason}")]
    private partial void LogNone(string family, string? reason);

    [LoggerMessage(7003, LogLevel.Error, "The router at {Router} is no longer asked to pass the port, by a fault of this program")]
    private partial void LogFailed(Exception exception, IPAddress router);
}
