using AptP2P.Host.Plugins.Loading;

namespace AptP2P.Host.Plugins.Guarding;

/// <summary>Before a plugin's port mapping. Where the plugin is left out, nothing is known of any.</summary>
internal sealed class PortMappingGuard(PluginEntry owner) : Guard<IPortMapping>(owner), IPortMapping
{
    public IAsyncEnumerable<PortMapping> WatchAsync(CancellationToken cancellationToken) =>
        Working?.WatchAsync(cancellationToken) ?? AsyncEnumerable.Empty<PortMapping>();
}
