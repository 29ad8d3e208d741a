using Microsoft.Extensions.Options;

namespace AptP2P.Host.Policy;

/// <summary>
/// The default policy: peers carry a file when there are enough of them; with fewer than three the mirror carries it too.
/// Nothing waits for peers except large files, and those no longer than the look-up budget.
/// </summary>
internal sealed class FewPeersPolicy(IOptions<FewPeersOptions> options) : ISourcePolicy
{
    internal const string PolicyName = "FewPeers";

    private readonly FewPeersOptions _options = options.Value;

    public string Name => PolicyName;

    public SourcePlan Decide(in FetchState state)
    {
        if (!state.HasOrigin || state.OriginFailed)
        {
            return new SourcePlan(Origin: false, PeerUse.Search);
        }

        if (state.PeersDistrusted)
        {
            return new SourcePlan(Origin: true, PeerUse.None);
        }

        var canShare = state.Crowd > 0 && state.Peers < _options.MinimumPeers;
        if (canShare && state.SinceProgress < _options.CrowdStall)
        {
            return new SourcePlan(Origin: true, PeerUse.Search, _options.CrowdStall - state.SinceProgress, Shared: true);
        }

        if (state.SinceProgress >= _options.Stall)
        {
            return new SourcePlan(Origin: true, PeerUse.Search);
        }

        var untilStall = _options.Stall - state.SinceProgress;
        if (state.Length <= _options.SmallFile.Bytes)
        {
            return new SourcePlan(Origin: true, PeerUse.Known, untilStall);
        }

        if (state.Peers >= _options.MinimumPeers)
        {
            var tooSlow = state.PeersRate > 0 && state.PeersRate < _options.MinimumRate.Bytes;
            return new SourcePlan(Origin: tooSlow, PeerUse.Search, untilStall);
        }

        var mayWait = !state.SearchFinished && state.Elapsed < _options.LookupBudget;
        return mayWait
            ? new SourcePlan(Origin: false, PeerUse.Search, _options.LookupBudget - state.Elapsed)
            : new SourcePlan(Origin: true, PeerUse.Search, untilStall);
    }
}
