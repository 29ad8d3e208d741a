using AptP2P.Host.Plugins.Loading;

namespace AptP2P.Host.Plugins.Guarding;

/// <summary>Before a plugin's section of the status page. Where the plugin is left out, the section says so.</summary>
internal sealed class SectionGuard(PluginEntry owner) : Guard<IStatusSection>(owner), IStatusSection
{
    public string Key { get; private set; } = owner.Name;

    public string Title { get; private set; } = owner.Name;

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) =>
        Working?.ReadAsync(cancellationToken) ?? new([new StatusValue("error", "Error", $"the plugin {Owner.Name} is left out")]);

    protected override void Read(IStatusSection made, IServiceProvider host) =>
        (Key, Title) = (ForeignCalls.ToLine(made.Key ?? Owner.Name), ForeignCalls.ToLine(made.Title ?? Owner.Name));
}
