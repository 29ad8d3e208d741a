using AptP2P.Host.Storage.Checking;
using AptP2P.Host.Storage.Files;
using AptP2P.Host.Storage.Space;

namespace AptP2P.Host.Storage;

/// <summary>The store on the status page: how much there is, and whether more is taken.</summary>
internal sealed class StoreStatus(IContentStore store, StoreCheck check) : IStatusSection
{
    public string Key => "store";

    public string Title => "Store";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) => new(
    [
        .. store is FileContentStore files ? Files(files.Inventory, files.Quota) : [],
        new StatusValue("verified", "Files verified since the start", check.Right),
        new StatusValue("damaged", "Damaged files removed since the start", check.Damaged),
    ]);

    private static StatusItem[] Files(Inventory inventory, Quota quota) =>
    [
        new StatusValue("storing", "Storing", quota.Refusal is null),
        new StatusValue("refusal", "Why not", quota.Refusal),
        new StatusValue("files", "Files", inventory.Count),
        new StatusValue("bytes", "They take", inventory.ContentBytes, StatusUnit.Bytes),
        new StatusValue("partialBytes", "Unfinished ones", inventory.PartialBytes, StatusUnit.Bytes),
        new StatusValue("otherBytes", "Copies for outages", inventory.OtherBytes, StatusUnit.Bytes),
        new StatusValue("quota", "They may take", quota.Limits.Quota.Bytes is > 0 and var bytes ? bytes : null, StatusUnit.Bytes),
        new StatusValue("free", "Free on the disk", quota.Free, StatusUnit.Bytes),
    ];
}
