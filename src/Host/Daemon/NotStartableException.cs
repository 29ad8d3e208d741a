namespace AptP2P.Host.Daemon;

/// <summary>A hosted service has found, while it was started, that the daemon must not run. It has no other way to say so.</summary>
internal sealed class NotStartableException(string[] problems) : Exception(string.Join("; ", problems))
{
    /// <summary>What the operator must mend.</summary>
    public string[] Problems => problems;
}
