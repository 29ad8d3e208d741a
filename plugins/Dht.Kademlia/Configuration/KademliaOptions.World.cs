using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Dht.Kademlia.Configuration;

/// <summary>How the node finds its network, and finds out whether it can be reached. docs/dht.md has the limits as a table.</summary>
public sealed partial class KademliaOptions
{
    [Description(
        "Nodes of BitTorrent's Mainline DHT, host:port and comma separated, to enter it by. It is a meeting point: nodes of this network "
        + "find each other there under one key, and no content is looked up or announced there. Empty: it is not used.")]
    public string[] Routers { get; set; } =
        ["dht.libtorrent.org:25401", "dht.transmissionbt.com:6881", "router.bt.ouinet.work:6881"];

    [Description("Nodes that answer from which on no further way into the network is tried.")]
    [Range(1, 1000)]
    public int EnoughNodes { get; set; } = 20;

    [Description("Shortest time between two look-ups in Mainline, and between two announcements there.")]
    [Range(typeof(TimeSpan), "00:05:00", "1.00:00:00")]
    public TimeSpan MeetingMin { get; set; } = TimeSpan.FromMinutes(25);

    [Description("Longest time between them.")]
    [Range(typeof(TimeSpan), "00:05:00", "1.00:00:00")]
    public TimeSpan MeetingMax { get; set; } = TimeSpan.FromMinutes(28);

    [Description("After what time a node that knows nobody looks into Mainline again; it doubles each time, up to MeetingMax.")]
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan MeetingRetry { get; set; } = TimeSpan.FromSeconds(10);

    [Description("Nodes of this network that announce themselves in Mainline, about, however large it is: each does so by chance.")]
    [Range(8, 10_000)]
    public int MeetingAnnouncers { get; set; } = 200;

    [Description("Look-ups in Mainline in an hour, whatever happens.")]
    [Stops("a line that comes and goes, or a network of one, that burdens Mainline")]
    [Range(3, 60)]
    public int MaxMeetingsPerHour { get; set; } = 12;

    [Description("Queries of one look-up in Mainline.")]
    [Stops("made-up nodes that keep it going")]
    [Range(16, 128)]
    public int MaxMeetingQueries { get; set; } = 40;

    [Description("Nodes that a look-up in Mainline names which are pinged.")]
    [Stops("a poisoned key that turns our pings on victims")]
    [Range(8, 256)]
    public int MaxMeetingPeers { get; set; } = 64;

    [Description("The same of one answer.")]
    [Stops("one liar filling a look-up")]
    [Range(8, 100)]
    public int MaxMeetingPeersPerAnswer { get; set; } = 16;

    [Description("Addresses of one name that are taken, and names of one search domain (SRV).")]
    [Stops("a resolver whose answers never end")]
    [Range(1, 100)]
    public int MaxAddressesPerName { get; set; } = 16;

    [Description("How often a node asks others whether it can be reached, once that is known.")]
    [Range(typeof(TimeSpan), "00:05:00", "1.00:00:00")]
    public TimeSpan ReachInterval { get; set; } = TimeSpan.FromHours(1);

    [Description("The same while it is not known, or the answer was no; it doubles each time, up to ReachInterval.")]
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan ReachRetry { get; set; } = TimeSpan.FromSeconds(30);

    [Description("How long a node waits for another that should connect back, and how long this one tries.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan ReachTime { get; set; } = TimeSpan.FromSeconds(5);

    [Description("Questions in an hour whether this node can be reached, in each address family.")]
    [Stops("a line that comes and goes, which asks everybody")]
    [Range(4, 1000)]
    public int MaxReachQuestionsPerHour { get; set; } = 40;

    [Description("Connections in a minute that are made because others asked for it.")]
    [Stops("strangers who have this node connect without end")]
    [Range(1, 1000)]
    public int MaxReachAnswers { get; set; } = 30;

    [Description("The same for one address, or one IPv6 /64; never two at a time.")]
    [Stops("one stranger who takes all of them, or tries the ports of a NAT that it shares with others")]
    [Range(1, 100)]
    public int MaxReachAnswersPerAddress { get; set; } = 4;
}
