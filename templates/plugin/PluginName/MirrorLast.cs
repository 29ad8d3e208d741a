using AptP2P;
using Microsoft.Extensions.Options;

namespace PluginName;

/// <summary>The default policy, but that the mirror waits as long as peers may bring something.</summary>
public sealed class MirrorLast(IEnumerable<ISourcePolicy> policies, IOptions<Settings> settings) : ISourcePolicy
{
    private ISourcePolicy? _standard;

    public string Name => "PluginName";

    public SourcePlan Decide(in FetchState state)
    {
        _standard ??= policies.First(policy => policy.Name == "FewPeers");
        var plan = _standard.Decide(state);
        var patience = settings.Value.Patience - state.SinceProgress;
        var mayWait = !state.PeersDistrusted && (state.Peers > 0 || !state.SearchFinished) && patience > TimeSpan.Zero;
        return plan.Origin && mayWait ? plan with { Origin = false, Peers = PeerUse.Search, AskAgain = patience } : plan;
    }
}
