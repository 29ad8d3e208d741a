using System.Collections.Immutable;
using AptP2P.Host.Storage.Checking;
using AptP2P.Host.Storage.Files;
using AptP2P.Host.Storage.Space;
using AptP2P.Shared;

namespace AptP2P.Host.Storage;

/// <summary>The store on the status page: how much there is of what, and whether more is taken.</summary>
internal sealed class StoreStatus(IContentStore store, StoreCheck check, ContentKinds kinds, TimeProvider time) : IStatusSection
{
    private static readonly ImmutableArray<StatusColumn> KindColumns =
        [new("kind", "What"), new("files", "Files"), new("bytes", "They take", StatusUnit.Bytes)];

    /// <summary>What the contents are, where the store is the daemon's own.</summary>
    public StoreParts? Parts { get; } = store is FileContentStore files ? new StoreParts(files.Inventory, kinds, time) : null;

    public string Key => "store";

    public string Title => "Store";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) => new(
    [
        .. store is FileContentStore files ? Files(files.Inventory, files.Quota) : [],
        new StatusValue("verified", "Files verified since the start", check.Right),
        new StatusValue("damaged", "Damaged files removed since the start", check.Damaged),
    ]);

    private IEnumerable<StatusItem> Files(Inventory inventory, Quota quota)
    {
        var counted = Parts!.Read();
        return
        [
            new StatusValue("storing", "Storing", quota.Refusal is null),
            new StatusValue("refusal", "Why not", quota.Refusal),
            new StatusValue("files", "Files", inventory.Count),
            new StatusValue("bytes", "They take", inventory.ContentBytes, StatusUnit.Bytes),
            new StatusValue("partialBytes", "Unfinished ones", inventory.PartialBytes, StatusUnit.Bytes),
            new StatusValue("otherBytes", "Copies for outages", inventory.OtherBytes, StatusUnit.Bytes),
            new StatusValue("quota", "They may take", quota.Limits.Quota.Bytes is > 0 and var bytes ? bytes : null, StatusUnit.Bytes),
            new StatusValue("free", "Free on the disk", quota.Free, StatusUnit.Bytes),
            new StatusTable("kinds", "What is stored", KindColumns, Kinds(inventory, counted)),
            new StatusValue(
                "oldestUse", "Everything in it was used since",
                counted.OldestUse is { } oldest ? new DateTimeOffset(DateTime.SpecifyKind(oldest, DateTimeKind.Utc)) : null),
            new StatusValue("evictions", "Files removed for others since the start", quota.EvictedFiles),
            new StatusValue("evictedBytes", "Bytes of these", quota.EvictedBytes, StatusUnit.Bytes),
            .. Problem(quota),
        ];
    }

    /// <summary>What has come since the kinds were counted is of the last one until they are counted again: the sum is right.</summary>
    private static ImmutableArray<ImmutableArray<object?>> Kinds(Inventory inventory, StoreParts.Counted counted)
    {
        ContentKind[] named = [ContentKind.Packages, ContentKind.Indexes, ContentKind.Sources];
        var counts = named.Select(kind => counted.ByKind.GetValueOrDefault(kind)).ToArray();
        return
        [
            .. named.Zip(counts, static (kind, count) => Row(kind.ToString().ToLowerInvariant(), count.Files, count.Bytes)),
            Row("partial", inventory.Partials, inventory.PartialBytes),
            Row("copies", null, inventory.OtherBytes),
            Row(
                "other",
                Math.Max(0, inventory.Count - counts.Sum(static count => count.Files)),
                Math.Max(0, inventory.ContentBytes - counts.Sum(static count => count.Bytes))),
        ];
    }

    private static ImmutableArray<object?> Row(string kind, int? files, long bytes) => [kind, files, bytes];

    private static IEnumerable<StatusItem> Problem(Quota quota)
    {
        if (quota.Refusal is null)
        {
            yield break;
        }

        yield return quota.IsDiskFull
            ? new StatusProblem(
                "diskFull", $"The disk has {ReadableSize.Of(quota.Free)} left; nothing new is kept", ProblemSeverity.Warning,
                $"Free some space on it; it is used down to {quota.Limits.KeepFree} ([Store] KeepFree).")
            : new StatusProblem(
                "storeStopped", $"The store has all that it may, {quota.Limits.Quota}, and nothing of it can go; nothing new is kept",
                ProblemSeverity.Warning, "Let it take more: [Store] Quota.");
    }
}
