using AptP2P.Host.Plugins.Loading;

namespace AptP2P.Host.Plugins.Guarding;

/// <summary>Before a plugin's look-up. Where the plugin is left out, it finds nobody.</summary>
internal sealed class LookupGuard(PluginEntry owner) : Guard<IPeerLookup>(owner), IPeerLookup
{
    public string Name { get; private set; } = "";

    public IAsyncEnumerable<Peer> FindAsync(ContentHash hash, CancellationToken cancellationToken) =>
        Working?.FindAsync(hash, cancellationToken) ?? AsyncEnumerable.Empty<Peer>();

    public ValueTask<PieceList?> GetPieceListAsync(PieceClaim claim, CancellationToken cancellationToken) =>
        Working?.GetPieceListAsync(claim, cancellationToken) ?? default;

    protected override void Read(IPeerLookup made, IServiceProvider host) => Name = ForeignCalls.ToLine(made.Name);
}
