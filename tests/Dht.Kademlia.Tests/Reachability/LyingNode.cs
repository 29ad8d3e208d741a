using System.Net;
using AptP2P.Dht.Kademlia.Addressing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AptP2P.Dht.Kademlia.Tests.Reachability;

/// <summary>A server that answers every request with one text.</summary>
internal sealed class LyingNode : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LyingNode(ushort port, string body)
    {
        Endpoint = UdpEndpoint.From(IPAddress.Loopback, port);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        _app = builder.Build();
        _app.Run(context => context.Response.WriteAsync(body));
    }

    public UdpEndpoint Endpoint { get; }

    public static async Task<LyingNode> StartAsync(ushort port, string body)
    {
        var node = new LyingNode(port, body);
        await node._app.StartAsync(ReachNode.Cancellation);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
