using AptP2P.Host.Plugins.Loading;

namespace AptP2P.Host.Plugins.Guarding;

/// <summary>
/// Before a plugin's policy. Where the plugin is left out, the host's own policy decides. A policy that is slow or throws is not this
/// guard's matter: GuardedPolicy asks the chosen policy on a thread of its own, which neither this guard nor the other policies need.
/// </summary>
internal sealed class PolicyGuard(PluginEntry owner) : Guard<ISourcePolicy>(owner), ISourcePolicy
{
    private ISourcePolicy? _hosts;

    /// <summary>No policy's, until the plugin has said its own.</summary>
    public string Name { get; private set; } = "";

    public SourcePlan Decide(in FetchState state) => (Working ?? _hosts!).Decide(state);

    protected override void Read(ISourcePolicy made, IServiceProvider host) =>
        (Name, _hosts) = (ForeignCalls.ToLine(made.Name), host.GetServices<ISourcePolicy>().First(policy => policy is not PolicyGuard));
}
