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

    [Description("How often a node looks up itself, to know its neighbours, and tries a node that is no longer known, so that a network that was cut in two grows together.")]
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromMinutes(10);

    [Description("Nodes that have fallen silent that are remembered for it.")]
    [Range(0, 10_000)]
    public int MaxLostNodes { get; set; } = 64;

    [Description("Nodes, each of another /24 or /64, that must agree on our address before we take an id that belongs to it (BEP 42).")]
    [Range(1, 32)]
    public int MinAddressVotes { get; set; } = 5;

    [Description("Searches at a time; the rest wait. In a small network all their packets go to the same few nodes.")]
    [Range(1, 10_000)]
    public int MaxSearchesAtOnce { get; set; } = 32;

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

    [Description("When an announcement that no node confirmed is tried again.")]
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan AnnounceRetry { get; set; } = TimeSpan.FromMinutes(1);

    [Description("Regions of the key space that are announced again at a time.")]
    [Range(1, 100)]
    public int MaxSweepsAtOnce { get; set; } = 1;

    [Description("Keys that one announcement may carry besides its own: one token must not store any number.")]
    [Range(1, 100)]
    public int MaxKeysPerAnnounce { get; set; } = 48;

    [Description("Piece lists stored at a time.")]
    [Range(1, 100)]
    public int MaxItemsAtOnce { get; set; } = 4;

    [Description("How often a piece list is stored again (BEP 44).")]
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ItemRepublish { get; set; } = TimeSpan.FromHours(1);

    [Description("How long an item is kept (BEP 44).")]
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ItemLife { get; set; } = TimeSpan.FromHours(2);

    [Description("How long an announced contact is kept.")]
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ContactLife { get; set; } = TimeSpan.FromMinutes(45);

    [Description("How long one token secret is used; a token is good for up to twice as long (BEP 5).")]
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan TokenLife { get; set; } = TimeSpan.FromMinutes(5);

    [Description("Largest datagram sent, in bytes of payload: none is fragmented, and answers cannot be used to amplify.")]
    [Range(512, 1400)]
    public int MaxDatagram { get; set; } = 1024;

    [Description("The same for messages with an item, which alone has up to 1,000 bytes (BEP 44): what every IPv6 path carries whole.")]
    [Range(1150, 1400)]
    public int MaxItemDatagram { get; set; } = 1232;

    [Description("Largest answer to an address that has not shown that it receives there, and had its few larger ones: a forged sender's victim must not get many bytes for few.")]
    [Range(400, 1400)]
    public int MaxUnprovenAnswer { get; set; } = 512;

    [Description("Answers of full size that such an address gets at once, and per ten seconds.")]
    [Range(0, 10_000)]
    public int FullAnswersToUnproven { get; set; } = 20;

    [Description("How long an address counts as proven.")]
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan ProvenLife { get; set; } = TimeSpan.FromMinutes(15);

    [Description("Addresses remembered as proven.")]
    [Range(16, 1_000_000)]
    public int MaxProven { get; set; } = 4096;

    [Description("Queries a second answered to one address: one host must not use up the node. An upgrade asks a small network's nodes for hundreds of keys in a burst.")]
    [Range(1, 1_000_000)]
    public int QueriesPerSecondPerAddress { get; set; } = 200;

    [Description("The same, at once.")]
    [Range(1, 1_000_000)]
    public int QueryBurstPerAddress { get; set; } = 2000;

    [Description("Queries a second answered to one /24 or /64: nor must one subnet.")]
    [Range(1, 1_000_000)]
    public int QueriesPerSecondPerSubnet { get; set; } = 800;

    [Description("The same, at once.")]
    [Range(1, 1_000_000)]
    public int QueryBurstPerSubnet { get; set; } = 8000;

    [Description("Cells in which the rates of addresses, and of subnets, are counted: a flood of forged addresses must not grow a table.")]
    [Range(16, 1_000_000)]
    public int RateCells { get; set; } = 2048;

    [Description("Bytes a second of answers to unproven addresses, all together: what a flood of forged ones can make us send.")]
    [Range(1000, 1_000_000_000)]
    public int AnswerBytesPerSecond { get; set; } = 1_000_000;

    [Description("The same, at once.")]
    [Range(1000, 1_000_000_000)]
    public int AnswerBytesBurst { get; set; } = 4_000_000;

    [Description("Nodes of one /24 or /64 in a bucket, but for local ones: one party must not fill the table.")]
    [Range(1, 64)]
    public int MaxNodesPerSubnetInBucket { get; set; } = 2;

    [Description("Nodes of one /24 or /64 among the nearest of a look-up, but for local ones, as long as there are others: one party must not surround a key.")]
    [Range(1, 64)]
    public int MaxNodesPerSubnetInResult { get; set; } = 1;

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

    [Description("After what time a contact that did not answer is asked again.")]
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromSeconds(20);

    [Description("How long a node that came to us by itself must have been silent before its answer proves that anyone can reach it, and others are told of it: by then a NAT has closed.")]
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ConfirmAfter { get; set; } = TimeSpan.FromMinutes(3);

    [Description("Keys kept for others.")]
    [Range(1, 10_000_000)]
    public int MaxKeys { get; set; } = 50_000;

    [Description("Contacts kept in all: bounds the memory, at about 150 bytes each.")]
    [Range(1, 10_000_000)]
    public int MaxContacts { get; set; } = 100_000;

    [Description("Items kept for others: bounds the memory, at about 1,200 bytes each.")]
    [Range(0, 1_000_000)]
    public int MaxItems { get; set; } = 5000;

    [Description("Piece lists seen in look-ups whose place is remembered until they are asked for.")]
    [Range(16, 1_000_000)]
    public int MaxClaimTargets { get; set; } = 4096;

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
