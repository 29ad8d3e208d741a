namespace AptP2P;

/// <summary>
/// Decides which sources work on a fetch. A pure function: the host calls it whenever something happened, and again after
/// <see cref="SourcePlan.AskAgain"/>.
/// </summary>
public interface ISourcePolicy
{
    /// <summary>The name that <c>[Policy] Name=</c> chooses it by.</summary>
    string Name { get; }

    /// <summary>What should work now, given how the fetch stands.</summary>
    SourcePlan Decide(in FetchState state);
}
