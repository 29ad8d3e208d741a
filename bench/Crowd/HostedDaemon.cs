using System.Collections;
using System.Net;
using AptP2P.Dht.Kademlia;
using AptP2P.Host;
using AptP2P.Host.Configuration;
using AptP2P.Host.Daemon;
using AptP2P.Host.Plugins;
using AptP2P.Host.Proxy;
using AptP2P.Source.Mirror;
using AptP2P.Source.Peers;
using AptP2P.Stats;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AptP2P.Bench.Crowd;

/// <summary>
/// A daemon inside of this process, put together as the host's Program does it. On one machine fifty processes would each compile the same
/// code, which fifty machines do at the same time.
/// </summary>
internal sealed class HostedDaemon(WebApplication application, PluginSet plugins) : IAsyncDisposable
{
    public static async Task<HostedDaemon> StartAsync(IPEndPoint endPoint, string state, params IEnumerable<string> options)
    {
        var settings = Settings.Read(CommandLine.Read([.. Daemon.Options(endPoint, state), .. options]), new Hashtable());
        var node = settings.Section<NodeOptions>(NodeOptions.Section);
        var features = new ServiceCollection().AddFeatures(settings, node);
        var plugins = new PluginSet(node);
        foreach (var plugin in (IPlugin[])[new KademliaPlugin(), new MirrorPlugin(), new PeersPlugin(), new StatsPlugin()])
        {
            await plugins.AddAsync(plugin, settings);
        }

        settings.FindUnknown();
        if (settings.Problems.Count > 0)
        {
            throw new InvalidOperationException(string.Join('\n', settings.Problems));
        }

        var builder = Host.Daemon.Server.CreateBuilder(node, features);
        await plugins.ConfigureServicesAsync(builder.Services, PeerReach.World, NetworkSecret.None);
        settings.AddTo(builder.Services);
        var application = builder.Build();
        await plugins.ConnectAsync(application);
        application.UseProxy();
        application.UseRouting();
        var problems = await Host.Daemon.Server.StartAsync(application, node);
        return problems.Length == 0
            ? new HostedDaemon(application, plugins)
            : throw new InvalidOperationException(string.Join('\n', problems));
    }

    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        await application.DisposeAsync();
        await plugins.DisposeAsync();
    }
}
