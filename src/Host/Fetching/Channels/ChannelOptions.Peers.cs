using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Fetching.Channels;

/// <summary>How peers are looked for, and from how many of them a file is read at a time.</summary>
internal sealed partial class ChannelOptions
{
    [Description(
        "Pause before such a file's peers are looked for again; it doubles with each search. Others who began at the same moment are "
        + "announced by then.")]
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan SearchAgain { get; set; } = TimeSpan.FromMilliseconds(250);

    [Description("The same for a smaller file, about which only neighbours are asked again.")]
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan AskNearAgain { get; set; } = TimeSpan.FromMilliseconds(100);

    [Description("Longest pause between these searches: each costs the DHT some 20 datagrams.")]
    [Range(typeof(TimeSpan), "00:00:00.05", "00:10:00")]
    public TimeSpan SearchAgainMax { get; set; } = TimeSpan.FromSeconds(8);

    [Description(
        "From how many peers a file is read at a time, at first. It grows while each answers before Silence has passed, up to Channels, "
        + "and is halved when one is late: then they are busy, or share a line, and more would make all of them later.")]
    [Range(1, 200)]
    public int PeersAtOnce { get; set; } = 8;

    [Description("It is never less than this: one that hangs must leave others to read from.")]
    [Range(1, 200)]
    public int PeersAtLeast { get; set; } = 3;

    [Description(
        "A peer that has given something, or is getting the file itself, may be silent for this many times what peers take to their "
        + "first byte now, if that is longer than Silence; up to CrowdPatience.")]
    [Range(1.0, 100.0)]
    public double LateFactor { get; set; } = 3;

    [Description(
        "How long at most to wait for a piece that another node is to bring in from the mirror, before asking the mirror for it here too.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:25")]
    public TimeSpan CrowdPatience { get; set; } = TimeSpan.FromSeconds(10);

    [Description(
        "For how long the mirror does not wait for peers that were late, or for searches that found nobody, unless they do well before. "
        + "A quarter of a second lost every two minutes is little, and the mirror is spared soon when peers are good again.")]
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Doubt { get; set; } = TimeSpan.FromMinutes(2);

    [Description("How many searches in a row must have been waited for in vain. One alone may have been for a file that nobody has.")]
    [Range(1, 1000)]
    public int VainSearches { get; set; } = 2;
}
