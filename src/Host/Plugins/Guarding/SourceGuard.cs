using AptP2P.Host.Plugins.Loading;

namespace AptP2P.Host.Plugins.Guarding;

/// <summary>Before a plugin's source. Where the plugin is left out, it opens no channel.</summary>
internal sealed class SourceGuard(PluginEntry owner) : Guard<ISource>(owner), ISource
{
    public string Name { get; private set; } = "";

    public SourceRole Role { get; private set; }

    /// <summary>Whether there is a source behind it.</summary>
    public bool Works => Working is not null;

    public IAsyncEnumerable<IChannel> OpenAsync(Content content, SearchEffort effort, CancellationToken cancellationToken) =>
        Working?.OpenAsync(content, effort, cancellationToken) ?? AsyncEnumerable.Empty<IChannel>();

    protected override void Read(ISource made, IServiceProvider host) => (Name, Role) = (ForeignCalls.ToLine(made.Name), made.Role);
}
