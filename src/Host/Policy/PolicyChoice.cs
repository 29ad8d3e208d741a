using Microsoft.Extensions.Options;

namespace AptP2P.Host.Policy;

/// <summary>The policy that the configuration names; plugins may bring further ones.</summary>
internal sealed class PolicyChoice : IDisposable
{
    private readonly ISourcePolicy _chosen;
    private readonly GuardedPolicy? _guarded;

    public PolicyChoice(IEnumerable<ISourcePolicy> policies, IOptions<PolicyOptions> options, TimeProvider time, ILogger<PolicyChoice> logger)
    {
        var name = options.Value.Name;
        _chosen = policies.LastOrDefault(policy => policy.Name == name)
            ?? throw new InvalidOperationException($"[Policy] Name={name}: there is no such policy. Known: {string.Join(", ", policies.Select(policy => policy.Name))}");
        _guarded = _chosen is FewPeersPolicy ? null : new GuardedPolicy(_chosen, policies.OfType<FewPeersPolicy>().First(), options.Value.DecisionTime, time, logger);
    }

    /// <summary>Asks it; a plugin's one for no longer than <see cref="PolicyOptions.DecisionTime"/>.</summary>
    public ValueTask<SourcePlan> DecideAsync(in FetchState state) => _guarded?.DecideAsync(state) ?? new(_chosen.Decide(state));

    public void Dispose() => _guarded?.Dispose();
}
