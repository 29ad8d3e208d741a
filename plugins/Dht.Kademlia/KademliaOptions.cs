using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Dht.Kademlia;

/// <summary>The section <c>[Dht.Kademlia]</c>. docs/dht.md has a table of the limits and what each stops; a test compares them.</summary>
public sealed class KademliaOptions
{
    [Description("Nodes to join the network by, host:port and comma separated. Empty: only nodes known from before, and those found nearby.")]
    public string[] Bootstrap { get; set; } = [];

    [Description("Makes a private swarm: keys are derived with it, so that only those who have it find each other's files, and others who keep the keys learn nothing.")]
    public string NetworkSecret { get; set; } = "";

    [Description("How often the names of bootstrap nodes are resolved again.")]
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan ResolveInterval { get; set; } = TimeSpan.FromHours(1);

    [Description("How often the node's state is saved; it is saved at a clean stop as well.")]
    [Range(typeof(TimeSpan), "00:00:05", "1.00:00:00")]
    public TimeSpan SaveInterval { get; set; } = TimeSpan.FromMinutes(5);

    [Description("Takes part without being asked by others (BEP 43): for a node that no packet reaches unless it sent one first.")]
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

    [Description("The same, at most.")]
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:10")]
    public TimeSpan StallMax { get; set; } = TimeSpan.FromSeconds(1.5);

    [Description("The same, while too few round trips were measured to know.")]
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

    [Description("First pause before joining is tried again while few nodes are known; it doubles.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan RejoinMin { get; set; } = TimeSpan.FromSeconds(1);

    [Description("Longest pause before joining is tried again.")]
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RejoinMax { get; set; } = TimeSpan.FromMinutes(5);

    [Description("Earliest time after which an announcement is repeated.")]
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ReannounceMin { get; set; } = TimeSpan.FromMinutes(15);

    [Description("Latest time after which an announcement is repeated; others forget it after ContactLife.")]
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ReannounceMax { get; set; } = TimeSpan.FromMinutes(30);

    [Description("A node is announced to before the look-up has ended if it is expected to be among this many nearest.")]
    [Range(1, 64)]
    public int OptimisticRank { get; set; } = 6;

    [Description("Announcing look-ups at a time: a store of thousands of files must not send all its packets at once.")]
    [Range(1, 1000)]
    public int MaxAnnouncesAtOnce { get; set; } = 32;

    [Description("How long an announced contact is kept.")]
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ContactLife { get; set; } = TimeSpan.FromMinutes(45);

    [Description("How long one token secret is used; a token is good for up to twice as long (BEP 5).")]
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan TokenLife { get; set; } = TimeSpan.FromMinutes(5);

    [Description("Largest datagram sent, in bytes of payload: none is fragmented, and answers cannot be used to amplify.")]
    [Range(512, 1400)]
    public int MaxDatagram { get; set; } = 1024;

    [Description("Nodes of one /24 or /64 in a bucket, but for local ones: one party must not fill the table.")]
    [Range(1, 64)]
    public int MaxNodesPerSubnetInBucket { get; set; } = 2;

    [Description("Nodes of one /24 or /64 among the nearest of a look-up, but for local ones: one party must not surround a key.")]
    [Range(1, 64)]
    public int MaxNodesPerSubnetInResult { get; set; } = 2;

    [Description("Queries in a row without an answer after which a contact is dropped although no other waits for its place.")]
    [Range(1, 100)]
    public int MaxFailures { get; set; } = 5;

    [Description("A newcomer takes a full bucket's slowest place if its round trip is shorter than this share of it: places must not flap.")]
    [Range(0.0, 1.0)]
    public double FasterBy { get; set; } = 0.7;

    [Description("Nodes met in recent look-ups that are remembered to begin the next ones with.")]
    [Range(0, 100_000)]
    public int RecentNodes { get; set; } = 512;

    [Description("Nodes remembered as silent.")]
    [Range(16, 100_000)]
    public int MaxSuspects { get; set; } = 1024;

    [Description("How long a silent node is remembered as such.")]
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SuspectLife { get; set; } = TimeSpan.FromMinutes(10);

    [Description("How often a node that stays silent is tried again by look-ups.")]
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SuspectRetry { get; set; } = TimeSpan.FromSeconds(30);

    [Description("Queries waiting for an answer, in all.")]
    [Range(16, 1_000_000)]
    public int MaxPendingQueries { get; set; } = 8192;

    [Description("Nodes that a look-up keeps in mind: made-up nodes must not grow it.")]
    [Range(16, 10_000)]
    public int MaxCandidates { get; set; } = 64;

    [Description("Queries of one look-up: made-up nodes must not keep it going.")]
    [Range(8, 10_000)]
    public int MaxQueriesPerLookup { get; set; } = 128;

    [Description("Nodes taken from one answer: honest ones have k.")]
    [Range(1, 1000)]
    public int MaxNodesPerAnswer { get; set; } = 32;

    [Description("Bytes of a foreign token that are kept.")]
    [Range(4, 1000)]
    public int MaxTokenLength { get; set; } = 128;

    [Description("Peers that a search takes.")]
    [Range(1, 10_000)]
    public int MaxPeersPerSearch { get; set; } = 256;

    [Description("Endpoints to join by that are kept in mind.")]
    [Range(1, 10_000)]
    public int MaxEntrances { get; set; } = 128;

    [Description("Pings a second to nodes that are only heard of: a list of made-up nodes must not make us send more.")]
    [Range(1, 10_000)]
    public int AdmissionsPerSecond { get; set; } = 20;

    [Description("The same, at once.")]
    [Range(1, 10_000)]
    public int AdmissionBurst { get; set; } = 100;

    [Description("Keys kept for others.")]
    [Range(1, 10_000_000)]
    public int MaxKeys { get; set; } = 100_000;

    [Description("Contacts kept per key.")]
    [Range(1, 100_000)]
    public int MaxContactsPerKey { get; set; } = 200;

    [Description("Contacts of one address per key: one host must not crowd out the rest.")]
    [Range(1, 1000)]
    public int MaxContactsPerAddress { get; set; } = 3;

    [Description("Contacts given in one answer.")]
    [Range(1, 1000)]
    public int MaxContactsPerAnswer { get; set; } = 100;

    [Description("Bytes of what an announcement may say of the pieces.")]
    [Range(0, 1000)]
    public int MaxClaimLength { get; set; } = 192;
}
