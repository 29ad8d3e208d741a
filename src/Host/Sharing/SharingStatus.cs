namespace AptP2P.Host.Sharing;

/// <summary>Sharing on the status page: with whom, and which archives it keeps to itself.</summary>
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
            new StatusValue("reach", "Who can see what this machine downloads ([Sharing] Reach)", Describe(rules.Reach)),
            new StatusValue(
                "withheld",
                "Archives that nobody hears of ([Sharing] Archives)",
                archives.Length == 0
                    ? null
                    : string.Join(", ", archives.Take(MostShown))
                        + (archives.Length > MostShown ? $" and {archives.Length - MostShown} more" : "")),
        ]);
    }

    private static string Describe(PeerReach reach) => reach switch
    {
        PeerReach.World => "world: everybody",
        PeerReach.Lan => "lan: its own network",
        _ => "off: nobody but the mirrors",
    };
}
