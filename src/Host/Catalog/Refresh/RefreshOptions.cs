using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Catalog.Refresh;

/// <summary>Keys of the section <c>[Catalog]</c>: what archives are asked for when something is missing.</summary>
internal sealed class RefreshOptions
{
    [Description(
        "How long a suite is left alone after its Release was fetched because a package was not known: a client that asks for what does "
        + "not exist must not make the daemon ask the mirror each time.")]
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMinutes(5);

    [Description(
        "The largest index that the daemon fetches by itself, when a package is not known: what it would cost is up to the archive. The "
        + "largest that are real have 15 MB.")]
    public ByteSize MaxIndex { get; set; } = new(64 << 20);
}
