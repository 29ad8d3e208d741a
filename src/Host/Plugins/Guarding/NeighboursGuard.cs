using System.Net;
using AptP2P.Host.Plugins.Loading;

namespace AptP2P.Host.Plugins.Guarding;

/// <summary>Before a plugin's neighbours. Where the plugin is left out, there are none.</summary>
internal sealed class NeighboursGuard(PluginEntry owner) : Guard<INeighbours>(owner), INeighbours
{
    public IAsyncEnumerable<IPEndPoint> WatchAsync(CancellationToken cancellationToken) =>
        Working?.WatchAsync(cancellationToken) ?? AsyncEnumerable.Empty<IPEndPoint>();
}
