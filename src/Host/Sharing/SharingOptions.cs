using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Sharing;

/// <summary>Section <c>[Sharing]</c>.</summary>
[FormerKey("Share", "it is called Reach now; Share=false is Reach=off")]
[FormerKey("Announce", "it is a part of Reach now; Announce=false is Reach=off, or Reach=lan where neighbours may know")]
internal sealed class SharingOptions
{
    [Description(
        "With whom this node exchanges files, and so who can see what this machine downloads (docs/privacy.md). world: with everybody. "
        + "lan: with its own network alone. off: with nobody: nothing is given, announced, looked up or asked for, no port is opened, and "
        + "all comes from the mirrors. For a slow line see [Source.Peers] UploadLimit.")]
    public PeerReach Reach { get; set; } = PeerReach.World;

    [Description(
        "Makes a network of one's own: only nodes that have the same secret find each other, in the DHT, in Mainline and among neighbours, "
        + "and strangers who keep keys of the DHT learn nothing of what they stand for. Empty: the network of everybody.")]
    public string NetworkSecret { get; set; } = "";

    [Description(
        "Archives whose files are shared: given to peers, announced, looked up and asked for; such as *.debian.org, "
        + "ftp.us.debian.org/debian. Listed ones are, whatever they are. The word public stands for all that are public, as an empty "
        + "list does: with public addresses, no password and no token in the path. So a mirror in your network is added by public, "
        + "192.168.1.5/debian; * is all.")]
    public ArchivePattern[] Archives { get; set; } = [];

    [Description(
        "Archives whose files are not shared, though they may be within Archives. A file that a shared archive has as well is shared.")]
    public ArchivePattern[] ExceptArchives { get; set; } = [];

    [Description("How often what is announced is compared with what is stored, so that what is no longer there is withdrawn.")]
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan Review { get; set; } = TimeSpan.FromMinutes(30);
}
