using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Sharing;

/// <summary>Section <c>[Sharing]</c>.</summary>
internal sealed class SharingOptions
{
    [Description(
        "Whether this node exchanges files with peers. false: it gives nothing, announces nothing, and asks nobody for anything: all "
        + "comes from the mirrors. For a slow line see [Source.Peers] UploadLimit.")]
    public bool Share { get; set; } = true;

    [Description(
        "Archives whose files are shared: given to peers, announced, looked up and asked for; such as *.debian.org, "
        + "ftp.us.debian.org/debian. Listed ones are, whatever they are. The word public stands for all that are public, as an empty "
        + "list does: with public addresses, no password and no token in the path. So a mirror in your network is added by public, "
        + "192.168.1.5/debian; * is all.")]
    public ArchivePattern[] Archives { get; set; } = [];

    [Description(
        "Archives whose files are not shared, though they may be within Archives. A file that a shared archive has as well is shared.")]
    public ArchivePattern[] ExceptArchives { get; set; } = [];

    [Description(
        "Whether other nodes are told what this one has or wants, which says what is installed here. false: nothing is announced, looked "
        + "up or asked for at peers; who asks for a file by its hash gets it all the same.")]
    public bool Announce { get; set; } = true;

    [Description("How often what is announced is compared with what is stored, so that what was evicted is withdrawn.")]
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan Review { get; set; } = TimeSpan.FromMinutes(30);
}
