namespace AptP2P.Host.Telemetry;

/// <summary>What this process takes, on the status page: whether a daemon that runs for weeks grows, and what of it does.</summary>
internal sealed class MemoryStatus : IStatusSection
{
    public string Key => "memory";

    public string Title => "Memory";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken)
    {
        var last = GC.GetGCMemoryInfo();
        return new(
        [
            new StatusValue("resident", "Resident", Environment.WorkingSet, StatusUnit.Bytes),
            new StatusValue("heap", "Managed heap after its last collection", last.HeapSizeBytes, StatusUnit.Bytes),
            new StatusValue("gaps", "Of it between objects", last.FragmentedBytes, StatusUnit.Bytes),
            new StatusValue("committed", "Committed for it", last.TotalCommittedBytes, StatusUnit.Bytes),
            new StatusValue("collections", "Collections of all of it", GC.CollectionCount(GC.MaxGeneration)),
            new StatusValue("threads", "Threads of the pool", ThreadPool.ThreadCount),
        ]);
    }
}
