using System.Diagnostics.Metrics;
using System.Net;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Meeting;
using AptP2P.Dht.Kademlia.Reachability;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AptP2P.Dht.Kademlia.Tests;

/// <summary>The plugin's services as the host would run them, on a loopback address and real sockets.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    public const int Port = 9977;
    private readonly ServiceProvider _services;
    private readonly KademliaEnvironment _environment;

    private Daemon(string address, int port, string folder, KademliaOptions options, INeighbours[] neighbours, PeerReach reach,
        TimeProvider time)
    {
        EndPoint = new IPEndPoint(IPAddress.Parse(address), port);
        _environment = new KademliaEnvironment(folder, EndPoint, []) { Reach = reach };
        var wrapped = Options.Create(options);
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        Metrics = new KademliaMetrics(_services.GetRequiredService<IMeterFactory>());
        Service = new KademliaService(
            wrapped, _environment, Parts(options, neighbours), Metrics,
            NullLogger<KademliaService>.Instance, time);
        Lookup = new KademliaLookup(Service, _environment, wrapped);
        Store = new KademliaPeerStore(Service, _environment);
        Status = new KademliaStatus(Service, Metrics, _environment, time);
        Network = new NetworkStatus(Service, _environment);
    }

    public IPEndPoint EndPoint { get; }

    public KademliaService Service { get; }

    public KademliaLookup Lookup { get; }

    public KademliaPeerStore Store { get; }

    public KademliaStatus Status { get; }

    public NetworkStatus Network { get; }

    public KademliaMetrics Metrics { get; }

    /// <summary>Whose instruments are this daemon's, among all of the process.</summary>
    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public static async Task<Daemon> StartAsync(
        string address, TemporaryFolder folder, string? bootstrap = null, INeighbours? neighbours = null, int port = Port,
        bool open = false, PeerReach reach = PeerReach.World, TimeProvider? time = null)
    {
        var options = new KademliaOptions
        {
            Open = open,
            Routers = [], // nothing leaves this machine
            Bootstrap = bootstrap is null
                ? []
                : [bootstrap.EndsWith(']') || !bootstrap.Contains(':', StringComparison.Ordinal) ? $"{bootstrap}:{Port}" : bootstrap],
        };
        var daemon = new Daemon(
            address, port, folder.Make($"{address.Replace(':', '-')}-{port}"), options, neighbours is null ? [] : [neighbours],
            reach, time ?? TimeProvider.System);
        await daemon.Service.StartAsync(CancellationToken.None);
        return daemon;
    }

    public async Task<List<Peer>> FindAsync(ContentHash hash, CancellationToken cancellationToken)
    {
        var peers = new List<Peer>();
        await foreach (var peer in Lookup.FindAsync(hash, cancellationToken))
        {
            peers.Add(peer);
        }

        return peers;
    }

    /// <summary>A value of the status page's section on the network.</summary>
    public async Task<object?> NetworkAsync(string key)
    {
        var items = await Network.ReadAsync(CancellationToken.None);
        return items.OfType<StatusValue>().Single(item => item.Key == key).Value;
    }

    private NetworkParts Parts(KademliaOptions options, INeighbours[] neighbours) => new(
        neighbours, [], new ListedAddresses(), new ReachQuestions(options, new ShortRequests(), new Nonces(), TimeProvider.System),
        new ReachMetrics(Meters), new MeetingMetrics(Meters));

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        Metrics.Dispose();
        await _services.DisposeAsync();
    }
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("aptp2p-dht-").FullName;

    public string Make(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
