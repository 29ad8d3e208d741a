using System.Diagnostics.Metrics;
using System.Net;
using AptP2P.Neighbours.Lan.Configuration;
using AptP2P.Neighbours.Lan.Links;
using AptP2P.Neighbours.Lan.Listening;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AptP2P.Neighbours.Lan.Tests;

/// <summary>The plugin's parts on one host.</summary>
internal sealed class LanHost : IAsyncDisposable
{
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public LanHost(
        IMulticast groups, TimeProvider time, LanOptions? options = null, PeerReach reach = PeerReach.World, params string[] addresses)
        : this((_, _) => groups, time, options, reach: reach, addresses: addresses)
    {
    }

    /// <param name="groups">Its network, or a test's.</param>
    /// <param name="time">The clock.</param>
    /// <param name="options">What is configured.</param>
    /// <param name="self">Where the daemon listens.</param>
    /// <param name="reach">With whom it may deal.</param>
    /// <param name="secret">That of its network.</param>
    /// <param name="addresses">Its own addresses.</param>
    public LanHost(
        Func<IOptions<LanOptions>, LanEnvironment, IMulticast> groups, TimeProvider time, LanOptions? options = null,
        string self = "[::]:9977", PeerReach reach = PeerReach.World, NetworkSecret? secret = null, params string[] addresses)
    {
        var made = Options.Create(options ?? new LanOptions());
        Environment = new LanEnvironment(IPEndPoint.Parse(self), reach, secret ?? NetworkSecret.None);
        Machine = new ListedAddresses(addresses);
        Neighbourhood = new Neighbourhood(made, time);
        Metrics = new LanMetrics(_meters.GetRequiredService<IMeterFactory>(), Neighbourhood);
        Listener = new Listener(made, Environment, Machine, Neighbourhood, Metrics, time, ListenerLog);
        Service = new LanService(
            made, Environment, groups(made, Environment), Listener, Neighbourhood, Machine, Metrics,
            new Random(Environment.EndPoint.GetHashCode()), time, Log);
        Status = new LanStatus(Service, Neighbourhood, Metrics, time);
    }

    public LanEnvironment Environment { get; }

    public ListedAddresses Machine { get; }

    public Neighbourhood Neighbourhood { get; }

    public LanMetrics Metrics { get; }

    public Listener Listener { get; }

    public LanService Service { get; }

    public LanStatus Status { get; }

    public LogLines<LanService> Log { get; } = new();

    public LogLines<Listener> ListenerLog { get; } = new();

    /// <summary>Whom it knows, in order.</summary>
    public IEnumerable<string> Known =>
        Neighbourhood.Current.Select(neighbour => neighbour.EndPoint.ToString()).Order(StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await Service.StopAsync(CancellationToken.None);
        Service.Dispose();
        await _meters.DisposeAsync();
    }
}
