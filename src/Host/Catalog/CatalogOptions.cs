using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Catalog;

/// <summary>The section <c>[Catalog]</c>: where hashes are learned from.</summary>
internal sealed class CatalogOptions
{
    public const string Section = "Catalog";

    [Description(
        "apt's own lists on this machine, from which hashes are known before the first update goes through the daemon. Empty: not read.")]
    public string AptLists { get; set; } = "/var/lib/apt/lists";

    [Description("How often apt's lists are looked at for a change.")]
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AptListsInterval { get; set; } = TimeSpan.FromSeconds(30);

    [Description(
        "How long a suite is left alone after its Release was fetched because a package was not known: a client that asks for what does "
        + "not exist must not make the daemon ask the mirror each time.")]
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMinutes(5);

    [Description(
        "The largest index that the daemon fetches by itself, when a package is not known: what it would cost is up to the archive. The "
        + "largest that are real have 15 MB.")]
    public ByteSize MaxIndex { get; set; } = new(64 << 20);

    [Description("How long the by-hash names of a replaced Release are kept, for clients that have not updated since.")]
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan KeepOld { get; set; } = TimeSpan.FromDays(30);
}
