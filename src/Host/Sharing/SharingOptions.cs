using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Sharing;

/// <summary>Section <c>[Sharing]</c>.</summary>
internal sealed class SharingOptions
{
    [Description("Whether peers get anything from this node. false: it only gets (a leech), for a metered or slow line; nothing is announced then either.")]
    public bool Share { get; set; } = true;

    [Description("Archives whose files are given to peers and announced, such as *.debian.org, ftp.us.debian.org/debian. Empty: all that need no password.")]
    public ArchivePattern[] Archives { get; set; } = [];

    [Description("Archives whose files are not, though they may be within Archives. A file that a shared archive has as well is shared.")]
    public ArchivePattern[] ExceptArchives { get; set; } = [];

    [Description("Whether other nodes are told what this one has. What is announced says which packages are installed here.")]
    public bool Announce { get; set; } = true;

    [Description("How often what is announced is compared with what is stored, so that what was evicted is withdrawn.")]
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan Review { get; set; } = TimeSpan.FromMinutes(30);
}
