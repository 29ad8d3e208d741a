namespace AptP2P.Testing.InMemory;

/// <summary>A policy that always says the same.</summary>
public sealed class FixedPolicy(SourcePlan plan) : ISourcePolicy
{
    public string Name => "fixed";

    public SourcePlan Decide(in FetchState state) => plan;
}
