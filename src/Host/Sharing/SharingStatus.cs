namespace AptP2P.Host.Sharing;

/// <summary>Sharing on the status page: whether this node takes part, and which archives it keeps to itself.</summary>
internal sealed class SharingStatus(ShareRules rules, WithheldArchives withheld) : IStatusSection
{
    private const int MostShown = 5;

    public string Key => "sharing";

    public string Title => "Sharing";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken)
    {
        string[] archives = [.. withheld.All];
        return new(
        [
            new StatusValue("shares", "Files are given to peers", !rules.IsNothingShared),
            new StatusValue("tells", "Others are told what this node has and wants", rules.MayTell),
            new StatusValue(
                "withheld",
                "Archives that nobody hears of ([Sharing] Archives)",
                archives.Length == 0
                    ? null
                    : string.Join(", ", archives.Take(MostShown))
                        + (archives.Length > MostShown ? $" and {archives.Length - MostShown} more" : "")),
        ]);
    }
}
