using Microsoft.Extensions.Options;

namespace AptP2P.Host.Policy;

/// <summary>
/// The default policy: peers carry a file when there are enough of them; with fewer than three the mirror carries it too.
/// Nothing waits for peers except large files, and those not for long: no longer than the look-up budget, or than peers may take to begin;
/// and not at all where waiting was in vain before. Further mirrors of an archive wait until the first is in trouble.
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
            return WithOrigins(state, PeerUse.None, _options.Stall);
        }

        var canShare = state.Crowd > 0 && state.Peers < _options.MinimumPeers;
        if (canShare && state.SinceProgress < _options.CrowdStall)
        {
            return WithOrigins(state, PeerUse.Search, _options.CrowdStall) with { Shared = true };
        }

        var stall = state.PeersRate >= _options.MinimumRate.Bytes ? _options.CrowdStall : _options.Stall;
        if (state.SinceProgress >= stall)
        {
            return WithOrigins(state, PeerUse.Search, stall);
        }

        if (state.AwaitsNeighbours && state.Elapsed < _options.NeighbourBudget)
        {
            return new SourcePlan(Origin: false, PeerUse.Known, _options.NeighbourBudget - state.Elapsed);
        }

        if (state.Length <= _options.SmallFile.Bytes)
        {
            return WithOrigins(state, IsTrickle(state.OriginRate) ? PeerUse.Search : PeerUse.Known, _options.Stall);
        }

        var isFaster = IsFasterThanPeers(state);
        if (state.Peers >= _options.MinimumPeers)
        {
            var untilLate = _options.PeerStart - state.SincePeers;
            var haveBegun = state.PeerBytes >= _options.MinimumRate.Bytes * _options.PeerStart.TotalSeconds;
            var areLate = (!haveBegun && untilLate <= TimeSpan.Zero) || IsTrickle(state.PeersRate);
            var untilStall = stall - state.SinceProgress;
            untilStall = state is { OriginSpeed: > 0, PeersSpeed: > 0 } || untilStall < _options.CompareAfter
                ? untilStall
                : _options.CompareAfter;
            return areLate || isFaster || (state.PeersLate && !haveBegun)
                ? WithOrigins(state, PeerUse.Search, _options.Stall) with { PeersLate = areLate }
                : new SourcePlan(Origin: false, PeerUse.Search, haveBegun || untilStall < untilLate ? untilStall : untilLate);
        }

        var isWorthAWait = !isFaster && !state.SearchFinished && state is { PeersLate: false, SearchesVain: false };
        return isWorthAWait && state.Elapsed < _options.LookupBudget
            ? new SourcePlan(Origin: false, PeerUse.Search, _options.LookupBudget - state.Elapsed)
            : WithOrigins(state, PeerUse.Search, _options.Stall);
    }

    /// <summary>
    /// Whether the origin does more than the peers that were found, by all that is known. Where it is not known what it does, that is worth
    /// a try once the peers have taken some time.
    /// </summary>
    private bool IsFasterThanPeers(in FetchState state) =>
        state.OriginSpeed > 0
            ? state.PeersSpeed > 0 && state.PeersSpeed < state.OriginSpeed
            : state.PeerBytes > 0 && state.SincePeers >= _options.CompareAfter;

    /// <summary>
    /// The origin works, and one more of its mirrors when those at work are in trouble. Each has time to show what it can do.
    /// </summary>
    private SourcePlan WithOrigins(in FetchState state, PeerUse peers, TimeSpan stall)
    {
        var untilStall = stall - state.SinceProgress;
        var untilNext = _options.Stall - state.SinceOrigin;
        var inTrouble = untilStall <= TimeSpan.Zero || IsTrickle(state.OriginRate);
        var mayHaveNext = state is { Origins: > 0, SpareOrigins: > 0 } && inTrouble;
        var next = mayHaveNext && untilNext <= TimeSpan.Zero ? 1 : 0;
        var askAgain = mayHaveNext && untilNext > TimeSpan.Zero ? untilNext : untilStall;
        return new SourcePlan(Origin: true, peers, askAgain > TimeSpan.Zero ? askAgain : stall, Origins: Math.Max(1, state.Origins) + next);
    }

    private bool IsTrickle(double rate) => rate > 0 && rate < _options.MinimumRate.Bytes;
}
