namespace AptP2P.Testing.InMemory;

/// <summary>A policy that always says the same.</summary>
public sealed class FixedPolicy(SourcePlan plan, string name = "fixed") : ISourcePolicy
{
    public string Name => name;

    public SourcePlan Decide(in FetchState state) => plan;
}
