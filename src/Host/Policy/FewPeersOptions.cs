using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Policy;

/// <summary>Section <c>[Policy]</c>: the numbers of the default policy.</summary>
internal sealed class FewPeersOptions
{
    [Description(
        "Up to this size the mirror is asked at once and no peer is looked up: half of all files are this small, and hold 1 % of the bytes."
    )]
    public ByteSize SmallFile { get; set; } = new(64 << 10);

    [Description(
        "How long a file may wait for neighbours that have had others lately to say whether they have it. On a local network that is a "
        + "millisecond or two, and what they have costs the line nothing.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan NeighbourBudget { get; set; } = TimeSpan.FromMilliseconds(50);

    [Description("With fewer peers than this the mirror is used as well.")]
    [Range(1, 100)]
    public int MinimumPeers { get; set; } = 3;

    [Description(
        "How long the mirror waits for the look-up of peers to end. More saves mirror bytes, less saves time when there are no peers.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan LookupBudget { get; set; } = TimeSpan.FromMilliseconds(250);

    [Description(
        "When peers were found, but have sent less than MinimumRate would make by this time after the first was ready, the mirror is "
        + "brought in: they may be gone. A ready peer has told what it has: its first bytes are a round trip away.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan PeerStart { get; set; } = TimeSpan.FromMilliseconds(250);

    [Description(
        "When peers have not brought all of a file by this time after the first was ready, and it is not known how fast the mirror is, it "
        + "is brought in to learn that. Where it is known, peers that are slower get its help from the start.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan CompareAfter { get; set; } = TimeSpan.FromMilliseconds(50);

    [Description("When nothing new could be given to apt for this long, every source is brought in. apt itself gives up after 30 s.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:20")]
    public TimeSpan Stall { get; set; } = TimeSpan.FromSeconds(2);

    [Description(
        "The same for a file that several nodes are getting at this moment, each of them other pieces of it from the mirror; and while "
        + "peers send well, only not what apt waits for.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:25")]
    public TimeSpan CrowdStall { get; set; } = TimeSpan.FromSeconds(20);

    [Description(
        "A mirror, or peers, slower than this many bytes per second get help from the other side: apt's own timeout never notices a "
        + "trickle.")]
    public ByteSize MinimumRate { get; set; } = new(100 << 10);
}
