namespace AptP2P.Host.Daemon;

/// <summary>Thrown by a hosted service that finds at its start that the daemon must not run: it has no other way to say so.</summary>
internal sealed class NotStartableException(string[] problems) : Exception(string.Join("; ", problems))
{
    /// <summary>What the operator must mend.</summary>
    public string[] Problems => problems;
}
