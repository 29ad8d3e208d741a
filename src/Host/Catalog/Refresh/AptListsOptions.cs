using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Catalog.Refresh;

/// <summary>Keys of the section <c>[Catalog]</c>: apt's own lists.</summary>
internal sealed class AptListsOptions
{
    [Description(
        "apt's own lists on this machine, from which hashes are known before the first update goes through the daemon. Empty: not read.")]
    public string AptLists { get; set; } = "/var/lib/apt/lists";

    [Description("How often apt's lists are looked at for a change.")]
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AptListsInterval { get; set; } = TimeSpan.FromSeconds(30);
}
