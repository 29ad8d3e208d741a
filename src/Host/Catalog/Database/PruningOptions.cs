using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Catalog.Database;

/// <summary>A key of the section <c>[Catalog]</c>: how long what was replaced is kept.</summary>
internal sealed class PruningOptions
{
    [Description("How long the by-hash names of a replaced Release are kept, for clients that have not updated since.")]
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan KeepOld { get; set; } = TimeSpan.FromDays(30);
}
