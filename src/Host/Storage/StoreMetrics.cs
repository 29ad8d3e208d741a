using System.Diagnostics.Metrics;
using AptP2P.Host.Storage.Checking;
using AptP2P.Host.Storage.Files;
using AptP2P.Host.Storage.Space;
using AptP2P.Host.Telemetry;

namespace AptP2P.Host.Storage;

/// <summary>The store's metrics, reported from the start on. A plugin's store has its own.</summary>
internal sealed class StoreMetrics(IMeterFactory meters, IContentStore store, StoreCheck check) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(HostMeter.Name);
        meter.CreateObservableCounter<long>(
            "aptp2p.store.verifications",
            () =>
            [
                new(check.Right, new KeyValuePair<string, object?>("aptp2p.outcome", "right")),
                new(check.Damaged, new KeyValuePair<string, object?>("aptp2p.outcome", "damaged")),
            ],
            "{file}",
            "Stored files that were verified again, by outcome; damaged ones are removed");
        if (store is FileContentStore files)
        {
            Watch(meter, files.Inventory, files.Quota);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static void Watch(Meter meter, Inventory inventory, Quota quota)
    {
        meter.CreateObservableUpDownCounter<long>(
            "aptp2p.store.usage",
            () =>
            [
                new(inventory.ContentBytes, new KeyValuePair<string, object?>("aptp2p.kind", "content")),
                new(inventory.PartialBytes, new KeyValuePair<string, object?>("aptp2p.kind", "partial")),
                new(inventory.OtherBytes, new KeyValuePair<string, object?>("aptp2p.kind", "outage_copy")),
            ],
            "By",
            "What the store takes: files, unfinished ones, and copies for outages");
        meter.CreateObservableUpDownCounter("aptp2p.store.limit", () => quota.Limits.Quota.Bytes, "By", "[Store] Quota; 0 for no limit");
        meter.CreateObservableUpDownCounter("aptp2p.store.file.count", () => inventory.Count, "{file}", "Files in the store");
        meter.CreateObservableCounter("aptp2p.store.evictions", () => quota.EvictedFiles, "{file}", "Files that made room for others");
        meter.CreateObservableCounter("aptp2p.store.evicted", () => quota.EvictedBytes, "By", "Bytes that made room for others");
    }
}
