using AptP2P.Host.Configuration;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Policy;

/// <summary>The policy that the configuration names; plugins may bring further ones.</summary>
internal sealed class PolicyChoice : IDisposable
{
    private readonly ISourcePolicy _chosen;
    private readonly GuardedPolicy? _guarded;

    public PolicyChoice(
        IEnumerable<ISourcePolicy> policies, IOptions<PolicyOptions> options, TimeProvider time, ILogger<PolicyChoice> logger)
    {
        var known = policies.ToList();
        var name = options.Value.Name;
        var own = known.OfType<FewPeersPolicy>().First();
        var chosen = known.FindLast(policy => policy.Name == name);
        string[] names = [.. known.Select(policy => policy.Name).Where(other => other.Length > 0)];
        Problems = chosen is null
            ? [$"[Policy] Name: there is no policy {name}{Spelling.Suggest(name, names)} (known: {string.Join(", ", names)})"]
            : [];
        _chosen = chosen ?? own;
        _guarded = _chosen is FewPeersPolicy ? null : new GuardedPolicy(_chosen, own, options.Value.DecisionTime, time, logger);
    }

    /// <summary>What must be mended before the daemon can start: it is known only when plugins have said what they bring.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Asks it; a plugin's one for no longer than <see cref="PolicyOptions.DecisionTime"/>.</summary>
    public ValueTask<SourcePlan> DecideAsync(in FetchState state) => _guarded?.DecideAsync(state) ?? new(_chosen.Decide(state));

    public void Dispose() => _guarded?.Dispose();
}
