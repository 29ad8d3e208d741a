namespace AptP2P.Host.Proxy.Indexes;

/// <summary>What clients were sent and the catalog has not read yet.</summary>
/// <param name="Releases">They name indexes.</param>
/// <param name="Indexes">They name packages.</param>
internal readonly record struct UnreadIndexes(IReadOnlyList<Task> Releases, IReadOnlyList<Task> Indexes)
{
    public bool IsEmpty => Releases.Count + Indexes.Count == 0;
}
