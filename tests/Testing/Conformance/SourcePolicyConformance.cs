using Xunit;

namespace AptP2P.Testing.Conformance;

/// <summary>
/// What every <see cref="ISourcePolicy"/> must do, tried in every combination of circumstances. Derive from it in the plugin's tests.
/// </summary>
public abstract class SourcePolicyConformance
{
    /// <summary>If it decides by the time of day too, with a clock that stands.</summary>
    protected abstract ISourcePolicy Policy { get; }

    /// <summary>Whether it turns to peers at all; one may be for the origin alone.</summary>
    protected virtual bool UsesPeers => true;

    private static IEnumerable<FetchState> AllStates =>
        from length in new[] { 0L, 1, 64 << 10, (64 << 10) + 1, 1 << 20, 5L << 30 }
        from seconds in new[] { 0, 0.1, 0.3, 3, 60, 86_400 }
        from stalled in new[] { 0, 0.1, 0.3, 3, 60, 86_400 }
        where stalled <= seconds
        from peers in new[] { 0, 1, 2, 3, 1000 }
        from flags in Enumerable.Range(0, 64)
        from rate in new[] { 0, 1, 1e9 }
        select new FetchState
        {
            Length = length,
            Elapsed = TimeSpan.FromSeconds(seconds),
            SinceProgress = TimeSpan.FromSeconds(stalled),
            Peers = peers,
            Neighbours = (flags & 16) > 0 ? peers : 0,
            AwaitsNeighbours = (flags & 33) == 32,
            SearchFinished = (flags & 1) > 0,
            HasOrigin = (flags & 2) > 0,
            OriginFailed = (flags & 4) > 0,
            PeersDistrusted = (flags & 8) > 0,
            Origins = (flags & 16) > 0 ? 2 : 0,
            SpareOrigins = (flags & 16) > 0 ? 1 : 0,
            SinceOrigin = TimeSpan.FromSeconds(stalled),
            OriginRate = rate,
            PeersRate = rate,
            OriginSpeed = rate,
            PeersSpeed = peers * 1e6,
        };

    [Fact]
    public void Name_Always_IsGiven() => Assert.NotEmpty(Policy.Name);

    [Fact]
    public void Decide_SameState_SamePlan() =>
        AssertAll(_ => true, (state, plan) => Policy.Decide(state) == plan);

    [Fact]
    public void Decide_AnyState_AskAgainIsAhead() =>
        AssertAll(_ => true, (_, plan) => plan.AskAgain is null || plan.AskAgain > TimeSpan.Zero);

    [Fact]
    public void Decide_NobodyElse_OriginWorks() =>
        AssertAll(state => state is { HasOrigin: true, OriginFailed: false, Peers: 0, SearchFinished: true }, (_, plan) => plan.Origin);

    [Fact]
    public void Decide_PeersLied_OriginWorks() => // nothing is asked of peers then, whatever the plan says of them
        AssertAll(state => state is { HasOrigin: true, OriginFailed: false, PeersDistrusted: true }, (_, plan) => plan.Origin);

    [Fact]
    public void Decide_OriginCannotBeAsked_PeersAreSearched() =>
        AssertAll(
            state => UsesPeers && !state.PeersDistrusted && (state.OriginFailed || !state.HasOrigin),
            (_, plan) => plan.Peers == PeerUse.Search);

    [Fact]
    public void Decide_OriginWorks_AtLeastOneMay() =>
        AssertAll(_ => true, (_, plan) => !plan.Origin || plan.Origins >= 1);

    [Fact]
    public void Decide_OriginWaits_AsksAgainOrPeersWork() =>
        AssertAll(
            state => state is { HasOrigin: true, OriginFailed: false },
            (state, plan) => plan.Origin || plan.AskAgain is not null);

    private void AssertAll(Func<FetchState, bool> when, Func<FetchState, SourcePlan, bool> holds)
    {
        foreach (var state in AllStates.Where(when))
        {
            var plan = Policy.Decide(state);
            Assert.True(holds(state, plan), $"{state} -> {plan}");
        }
    }
}
