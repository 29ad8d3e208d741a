using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Dht.Kademlia.Configuration;

/// <summary>
/// The section <c>[Dht.Kademlia]</c>: how the node joins, looks up, announces and keeps its table. The BEPs that the descriptions name are
/// <see href="https://www.bittorrent.org/beps/bep_0005.html">BEP 5</see> (the protocol),
/// <see href="https://www.bittorrent.org/beps/bep_0043.html">BEP 43</see> (read-only nodes) and
/// <see href="https://www.bittorrent.org/beps/bep_0044.html">BEP 44</see> (items).
/// </summary>
[FormerKey("NetworkSecret", "it is [Sharing] NetworkSecret now, once for the DHT and for neighbours")]
public sealed partial class KademliaOptions
{
    [Description(
        "Nodes to join the network by, host:port and comma separated. Empty: only nodes known from before, and those found nearby.")]
    public string[] Bootstrap { get; set; } = [];

    [Description(
        "Takes part in any DHT of BitTorrent's protocol, with whoever speaks it: leaves the network tag out of messages, and does not ask "
        + "for it. The DHT of this program's nodes does not talk with such a node.")]
    public bool Open { get; set; }

    [Description("How often the names of bootstrap nodes are resolved again.")]
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan ResolveInterval { get; set; } = TimeSpan.FromHours(1);

    [Description("How often the node's state is saved; it is saved at a clean stop as well.")]
    [Range(typeof(TimeSpan), "00:00:05", "1.00:00:00")]
    public TimeSpan SaveInterval { get; set; } = TimeSpan.FromMinutes(5);

    [Description(
        "Takes part without being asked by nodes elsewhere (BEP 43), whatever is found out about whether they reach this one. They get "
        + "answers to pings only.")]
    public bool ReadOnly { get; set; }

    [Description("k: contacts per bucket, and nodes that a key is stored on (Kademlia; BEP 5).")]
    [Range(2, 64)]
    public int BucketSize { get; set; } = 8;

    [Description("alpha: queries that a look-up waits for at a time. More finds faster and costs packets.")]
    [Range(1, 32)]
    public int Parallelism { get; set; } = 5;

    [Description("alpha of announcements, which have to hear from all of the nearest nodes.")]
    [Range(1, 32)]
    public int AnnounceParallelism { get; set; } = 8;

    [Description("How long a query waits before a look-up goes on without it, at least.")]
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:10")]
    public TimeSpan StallMin { get; set; } = TimeSpan.FromMilliseconds(50);

    [Description("How long a query waits before a look-up goes on without it, at most.")]
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:10")]
    public TimeSpan StallMax { get; set; } = TimeSpan.FromSeconds(1.5);

    [Description("How long that is while too few round trips were measured to know.")]
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:10")]
    public TimeSpan StallUnknown { get; set; } = TimeSpan.FromMilliseconds(500);

    [Description("When a query is given up for good.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(5);

    [Description("How long a node counts as good without being heard of (BEP 5).")]
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan GoodNodeLife { get; set; } = TimeSpan.FromMinutes(15);

    [Description("After what time a bucket in which nothing happened is refreshed (BEP 5).")]
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan BucketRefresh { get; set; } = TimeSpan.FromMinutes(15);

    [Description("Pause between two looks at what is to be done: asking silent contacts, refreshing, forgetting.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan UpkeepInterval { get; set; } = TimeSpan.FromSeconds(10);

    [Description("Parts of the key space, from the largest, that a node looks into after it has joined, to know nodes everywhere.")]
    [Range(0, 160)]
    public int BucketsToFill { get; set; } = 6;

    [Description("Pause between these look-ups.")]
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan FillPause { get; set; } = TimeSpan.FromSeconds(2);

    [Description("First pause before joining is tried again while few nodes are known; it doubles.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan RejoinMin { get; set; } = TimeSpan.FromSeconds(1);

    [Description("Longest pause before joining is tried again.")]
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RejoinMax { get; set; } = TimeSpan.FromMinutes(5);

    [Description(
        "How often a node looks up itself, to know its neighbours, and tries a node that is no longer known, so that a network that was "
        + "cut in two grows together.")]
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromMinutes(10);

    [Description("Earliest time after which an announcement is repeated.")]
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ReannounceMin { get; set; } = TimeSpan.FromMinutes(15);

    [Description("Latest time after which an announcement is repeated; others forget it after ContactLife.")]
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ReannounceMax { get; set; } = TimeSpan.FromMinutes(30);

    [Description("Over what time all that a node has is announced when others can reach it at last, or at another port.")]
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan AnnounceSpread { get; set; } = TimeSpan.FromMinutes(1);

    [Description("A node is announced to before the look-up has ended if it is expected to be among this many nearest.")]
    [Range(1, 64)]
    public int OptimisticRank { get; set; } = 6;

    [Description("Nodes that have confirmed an announcement when it counts as known; the rest is done in the background.")]
    [Range(1, 64)]
    public int EnoughStored { get; set; } = 4;

    [Description("When an announcement that no node confirmed is tried again.")]
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan AnnounceRetry { get; set; } = TimeSpan.FromMinutes(1);

    [Description("How often a piece list is stored again (BEP 44).")]
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ItemRepublish { get; set; } = TimeSpan.FromHours(1);

    [Description("Queries in a row without an answer after which a contact is dropped although no other waits for its place.")]
    [Range(1, 100)]
    public int MaxFailures { get; set; } = 5;

    [Description(
        "A newcomer takes a full bucket's slowest place if its round trip is shorter than this share of it: places must not flap.")]
    [Range(0.0, 1.0)]
    public double FasterBy { get; set; } = 0.7;

    [Description("Nodes met in recent look-ups that are remembered to begin the next ones with.")]
    [Range(0, 100_000)]
    public int RecentNodes { get; set; } = 512;

    [Description("How long a silent node is remembered as such.")]
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SuspectLife { get; set; } = TimeSpan.FromMinutes(10);

    [Description("How often a node that stays silent is tried again by look-ups.")]
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SuspectRetry { get; set; } = TimeSpan.FromSeconds(30);

    [Description("After what time a contact that did not answer is asked again.")]
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromSeconds(20);
}
