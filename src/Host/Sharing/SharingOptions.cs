using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Sharing;

/// <summary>Section <c>[Sharing]</c>.</summary>
internal sealed class SharingOptions
{
    [Description("Whether other nodes are told what this one has. What is announced says which packages are installed here.")]
    public bool Announce { get; set; } = true;

    [Description("How often what is announced is compared with what is stored, so that what was evicted is withdrawn.")]
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan Review { get; set; } = TimeSpan.FromMinutes(30);
}
