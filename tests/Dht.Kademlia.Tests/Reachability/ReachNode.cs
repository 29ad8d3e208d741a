using System.Diagnostics.Metrics;
using System.Net;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Node;
using AptP2P.Dht.Kademlia.Reachability;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Dht.Kademlia.Transport;
using AptP2P.Testing.InMemory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Reachability;

/// <summary>
/// What answers and asks whether a node can be reached, on real sockets. Who connects to 127.0.0.1 comes from there, too; so all have that
/// address, which counts as one of the world, and a port of their own.
/// </summary>
internal sealed class ReachNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ShortRequests _requests = new();
    private readonly UdpTransport _transport;
    private readonly KademliaNode _node;

    private ReachNode(ushort port, KademliaOptions options, bool isElsewhere, RequestDelegate? hello, PeerReach reach)
    {
        EndPoint = new IPEndPoint(IPAddress.Loopback, port);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(EndPoint));
        builder.Services.AddMetrics();
        _app = builder.Build();
        var metrics = new ReachMetrics(_app.Services.GetRequiredService<IMeterFactory>());
        Rates = new ReachRates(options, TimeProvider.System);
        var machine = new ListedAddresses();
        var environment = new KademliaEnvironment("", EndPoint, []) { Reach = reach };
        var callBack = new CallBack(options, environment, _requests, TimeProvider.System);
        Endpoints = isElsewhere
            ? new ReachEndpoints(options, environment, callBack, Rates, Nonces, machine, metrics) { IsElsewhere = static _ => true }
            : new ReachEndpoints(options, environment, callBack, Rates, Nonces, machine, metrics);
        Questions = new ReachQuestions(options, _requests, Nonces, TimeProvider.System);
        _app.MapGet(ReachMessage.ReachPath, Endpoints.ReachAsync);
        _app.MapGet(ReachMessage.HelloPath, hello ?? Endpoints.HelloAsync);
        _transport = UdpTransport.Bind(EndPoint);
        var setup = new FamilySetup(_transport.V4!.Value, BoundNodeId.Create(_transport.V4.Value, new Random(1)), port);
        _node = new KademliaNode(options, new NodeSetup(setup, null), _transport, TimeProvider.System, new Random(1));
        _transport.Start(_node);
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public IPEndPoint EndPoint { get; }

    public Nonces Nonces { get; } = new();

    public ReachRates Rates { get; }

    public ReachEndpoints Endpoints { get; }

    public ReachQuestions Questions { get; }

    /// <param name="port">Its port.</param>
    /// <param name="isElsewhere">Whether it takes all who ask for hosts of the world.</param>
    /// <param name="hello">What it answers instead of its hello.</param>
    /// <param name="options">Its options.</param>
    /// <param name="reach">With whom it deals.</param>
    public static async Task<ReachNode> StartAsync(
        ushort port, bool isElsewhere = true, RequestDelegate? hello = null, KademliaOptions? options = null,
        PeerReach reach = PeerReach.World)
    {
        var node = new ReachNode(port, options ?? new KademliaOptions(), isElsewhere, hello, reach);
        await node._app.StartAsync(Cancellation);
        return node;
    }

    /// <summary>Asks another as the daemon does.</summary>
    public Task<ReachAnswer?> AskAsync(ReachNode other, ushort? tcp = null, ushort? udp = null)
    {
        var own = (ushort)EndPoint.Port;
        return Questions.AskAsync(UdpEndpoint.From(other.EndPoint), tcp ?? own, udp ?? own, Cancellation);
    }

    /// <summary>Asks it as anybody could.</summary>
    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string pathAndQuery)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"http://{EndPoint}{pathAndQuery}"), Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _requests.Dispose();
        _node.Dispose();
        await _transport.DisposeAsync();
    }
}
