using Microsoft.Extensions.Options;

namespace AptP2P.Host.Policy;

/// <summary>The policy that the configuration names; plugins may bring further ones.</summary>
internal sealed class PolicyChoice(IEnumerable<ISourcePolicy> policies, IOptions<PolicyOptions> options)
{
    public ISourcePolicy Chosen { get; } = policies.LastOrDefault(policy => policy.Name == options.Value.Name)
        ?? throw new InvalidOperationException(
            $"[Policy] Name={options.Value.Name}: there is no such policy. Known: {string.Join(", ", policies.Select(policy => policy.Name))}");
}
