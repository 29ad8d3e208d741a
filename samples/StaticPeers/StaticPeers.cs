using System.ComponentModel;
using System.Net;
using System.Runtime.CompilerServices;
using AptP2P;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

[assembly: Plugin(typeof(StaticPeers.StaticPeersPlugin))]

namespace StaticPeers;

public sealed class StaticPeersPlugin : IPlugin
{
    public string Name => "StaticPeers";

    public Type? OptionsType => typeof(StaticPeersOptions);

    public void ConfigureServices(IServiceCollection services, PluginContext context) =>
        services.AddSingleton(context).AddSingleton<IPeerLookup, StaticPeersLookup>();
}

public sealed class StaticPeersOptions
{
    [Description("Daemons that are asked for every shared file, as address:port. The same list may be on all of them.")]
    public IPEndPoint[] Peers { get; set; } = [];
}

/// <summary>Finds the same peers for every content. Those that lack it say so when they are asked, which costs a round trip.</summary>
public sealed class StaticPeersLookup(IOptions<StaticPeersOptions> options, PluginContext context, IMachineAddresses machine) : IPeerLookup
{
    public string Name => "static";

    public async IAsyncEnumerable<Peer> FindAsync(ContentHash hash, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask; // nothing to wait for
        foreach (var peer in options.Value.Peers.Distinct().Where(peer => context.Reach != PeerReach.Off && !IsOwn(peer)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new Peer(peer);
        }
    }

    public ValueTask<PieceList?> GetPieceListAsync(PieceClaim claim, CancellationToken cancellationToken) => new((PieceList?)null);

    private bool IsOwn(IPEndPoint peer) =>
        peer.Equals(context.EndPoint) || (peer.Port == context.EndPoint.Port && machine.Current.Contains(peer.Address));
}
