using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Dht.Kademlia.Configuration;

/// <summary>The limits: each has a name, a default, and something that it stops. docs/dht.md has them as a table.</summary>
public sealed partial class KademliaOptions
{
    [Description("Largest datagram sent, in bytes of payload.")]
    [Stops("amplification, and fragments that get lost")]
    [Range(512, 1400)]
    public int MaxDatagram { get; set; } = 1024;

    [Description("The same for messages with an item, which alone has up to 1,000 bytes (BEP 44); every IPv6 path carries it whole.")]
    [Stops("the same")]
    [Range(1150, 1400)]
    public int MaxItemDatagram { get; set; } = 1232;

    [Description("Largest answer to an address that has not shown that it receives there, once it has had its few larger ones.")]
    [Stops("amplification: a forged sender turns our answers on a victim")]
    [Range(400, 1400)]
    public int MaxUnprovenAnswer { get; set; } = 512;

    [Description("Answers of full size that such an address gets at once, and per ten seconds.")]
    [Stops("the same, while newcomers are still served")]
    [Range(0, 10_000)]
    public int FullAnswersToUnproven { get; set; } = 20;

    [Description("Bytes a second of answers to unproven addresses, all together.")]
    [Stops("a flood of forged senders that turns us on many victims")]
    [Range(1000, 1_000_000_000)]
    public int AnswerBytesPerSecond { get; set; } = 1_000_000;

    [Description("The same, at once.")]
    [Stops("the same")]
    [Range(1000, 1_000_000_000)]
    public int AnswerBytesBurst { get; set; } = 4_000_000;

    [Description("Addresses remembered as proven.")]
    [Stops("memory growing with a flood of addresses")]
    [Range(16, 1_000_000)]
    public int MaxProven { get; set; } = 4096;

    [Description("How long an address counts as proven.")]
    [Stops("an address that has changed hands since")]
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan ProvenLife { get; set; } = TimeSpan.FromMinutes(15);

    [Description("Queries a second answered to one address. An upgrade asks a small network for hundreds of keys in a burst.")]
    [Stops("one host using up the node")]
    [Range(1, 1_000_000)]
    public int QueriesPerSecondPerAddress { get; set; } = 200;

    [Description("The same, at once.")]
    [Stops("the same")]
    [Range(1, 1_000_000)]
    public int QueryBurstPerAddress { get; set; } = 2000;

    [Description("Queries a second answered to one /24 or /64.")]
    [Stops("the same from all addresses of a subnet")]
    [Range(1, 1_000_000)]
    public int QueriesPerSecondPerSubnet { get; set; } = 800;

    [Description("The same, at once.")]
    [Stops("the same")]
    [Range(1, 1_000_000)]
    public int QueryBurstPerSubnet { get; set; } = 8000;

    [Description("Cells in which the rates of addresses, and of subnets, are counted.")]
    [Stops("a table that grows with a flood of forged addresses")]
    [Range(16, 1_000_000)]
    public int RateCells { get; set; } = 2048;

    [Description("Pings a second to nodes that only came to us.")]
    [Stops("a flood of made-up nodes that makes us send as much")]
    [Range(1, 10_000)]
    public int AdmissionsPerSecond { get; set; } = 20;

    [Description("The same, at once.")]
    [Stops("the same")]
    [Range(1, 10_000)]
    public int AdmissionBurst { get; set; } = 100;

    [Description(
        "How long a node that came to us must have been silent before its answer proves that anyone can reach it, and others are told of "
        + "it: by then a NAT has closed.")]
    [Stops("tables full of nodes that cannot be reached")]
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ConfirmAfter { get; set; } = TimeSpan.FromMinutes(3);

    [Description("Nodes of one /24 or /64 in a bucket, but for local ones.")]
    [Stops("one party filling the table (eclipse)")]
    [Range(1, 64)]
    public int MaxNodesPerSubnetInBucket { get; set; } = 2;

    [Description("Nodes of one /24 or /64 among the nearest of a look-up, but for local ones, as long as there are others.")]
    [Stops("one party surrounding a key (Sybil)")]
    [Range(1, 64)]
    public int MaxNodesPerSubnetInResult { get; set; } = 1;

    [Description(
        "Nodes, each of another /24 or /64, that must agree on our address before we take an id that belongs to it (BEP 42). Where fewer "
        + "are known, the majority of them, after they have all been met.")]
    [Stops("strangers who choose our id for us")]
    [Range(1, 32)]
    public int MinAddressVotes { get; set; } = 5;

    [Description("Nodes that a look-up keeps in mind.")]
    [Stops("memory growing with made-up nodes")]
    [Range(16, 10_000)]
    public int MaxCandidates { get; set; } = 64;

    [Description("Queries of one look-up.")]
    [Stops("made-up nodes that keep it going, and what it sends to them")]
    [Range(8, 10_000)]
    public int MaxQueriesPerLookup { get; set; } = 128;

    [Description("Nodes taken from one answer; honest ones have k.")]
    [Stops("one liar filling a look-up")]
    [Range(1, 1000)]
    public int MaxNodesPerAnswer { get; set; } = 32;

    [Description("Bytes of a foreign token that are kept.")]
    [Stops("memory growing with long tokens")]
    [Range(4, 1000)]
    public int MaxTokenLength { get; set; } = 128;

    [Description("Peers taken from one answer.")]
    [Stops("one liar filling a search, and the connections that one answer causes")]
    [Range(1, 1000)]
    public int MaxPeersPerAnswer { get; set; } = 50;

    [Description("Peers that a search takes.")]
    [Stops("memory and connections wasted on made-up peers")]
    [Range(1, 10_000)]
    public int MaxPeersPerSearch { get; set; } = 256;

    [Description("Queries waiting for an answer, in all.")]
    [Stops("memory growing when nobody answers")]
    [Range(16, 1_000_000)]
    public int MaxPendingQueries { get; set; } = 8192;

    [Description("Searches at a time; the rest wait.")]
    [Stops("bursts that the few nodes of a small network cannot take in")]
    [Range(1, 10_000)]
    public int MaxSearchesAtOnce { get; set; } = 32;

    [Description("New contents announced each by itself at a time; more go by regions.")]
    [Stops("a store of thousands of files that sends all its packets at once")]
    [Range(1, 1000)]
    public int MaxAnnouncesAtOnce { get; set; } = 32;

    [Description("Regions of the key space that are announced again at a time.")]
    [Stops("the same")]
    [Range(1, 100)]
    public int MaxSweepsAtOnce { get; set; } = 1;

    [Description("Piece lists stored at a time.")]
    [Stops("the same")]
    [Range(1, 100)]
    public int MaxItemsAtOnce { get; set; } = 4;

    [Description("Keys that one announcement may carry besides its own.")]
    [Stops("one token that stores any number")]
    [Range(1, 100)]
    public int MaxKeysPerAnnounce { get; set; } = 48;

    [Description("How long one token secret is used; a token is good for up to twice as long (BEP 5).")]
    [Stops("tokens that are collected, or used from an address that has changed hands")]
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan TokenLife { get; set; } = TimeSpan.FromMinutes(5);

    [Description("Lowest port at which others' nodes and peers are believed, kept and told of.")]
    [Stops("strangers who have us, and others, knock at services of other kinds")]
    [Range(1, 65535)]
    public int LowestPort { get; set; } = 1024;

    [Description(
        "Keys are kept while fewer nodes than this are nearer to them, by the smaller estimate of the network's size; honest announcers "
        + "tell the nearest 8, or 24.")]
    [Stops("stores filled with keys for which nobody asks here")]
    [Range(32, 1_000_000)]
    public int FarthestRank { get; set; } = 128;

    [Description("Keys kept for others. When full, the largest holder gives one.")]
    [Stops("memory growing with made-up keys, and flushing the honest ones")]
    [Range(1, 10_000_000)]
    public int MaxKeys { get; set; } = 50_000;

    [Description(
        "Contacts kept in all, at about 250 bytes each, or 650 where each is another host's. When full, the largest holder gives one.")]
    [Stops("memory growing with made-up contacts")]
    [Range(1, 10_000_000)]
    public int MaxContacts { get; set; } = 100_000;

    [Description("Contacts of one address, or of one IPv6 /64, over all keys. Behind one address of a NAT may be a whole institution.")]
    [Stops("one host taking all the room")]
    [Range(1, 10_000_000)]
    public int MaxStoredPerAddress { get; set; } = 20_000;

    [Description("Contacts of one /24 or /48 over all keys, but for local ones.")]
    [Stops("the same from all addresses of a customer")]
    [Range(1, 10_000_000)]
    public int MaxStoredPerSubnet { get; set; } = 25_000;

    [Description("Contacts kept per key. When full, one of the subnet with the most makes way.")]
    [Stops("one key taking all the room")]
    [Range(1, 100_000)]
    public int MaxContactsPerKey { get; set; } = 200;

    [Description("Contacts of one address, or of one IPv6 /64, per key: kept, and taken by one search.")]
    [Stops("one host crowding out the others, and searches that connect to all ports of a victim")]
    [Range(1, 1000)]
    public int MaxContactsPerAddress { get; set; } = 3;

    [Description("The same of one /24 or /48, but for local ones.")]
    [Stops("the same from, and to, all addresses of a customer")]
    [Range(1, 1000)]
    public int MaxContactsPerSubnet { get; set; } = 20;

    [Description("Contacts given in one answer, chosen at random.")]
    [Stops("answers that cost more to make than to ask for")]
    [Range(1, 1000)]
    public int MaxContactsPerAnswer { get; set; } = 100;

    [Description("Bytes of what an announcement may say of the pieces.")]
    [Stops("contacts that carry anything")]
    [Range(0, 1000)]
    public int MaxClaimLength { get; set; } = 192;

    [Description("How long an announced contact is kept.")]
    [Stops("contacts of those who have gone")]
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ContactLife { get; set; } = TimeSpan.FromMinutes(45);

    [Description("Items kept for others, at about 1,200 bytes each. When full, the largest holder gives one.")]
    [Stops("memory growing with made-up items")]
    [Range(0, 1_000_000)]
    public int MaxItems { get; set; } = 5000;

    [Description("Items of one address, or of one IPv6 /64.")]
    [Stops("one host taking all the room")]
    [Range(1, 1_000_000)]
    public int MaxItemsPerAddress { get; set; } = 2000;

    [Description("Items of one /24 or /48, but for local ones.")]
    [Stops("the same from all addresses of a customer")]
    [Range(1, 1_000_000)]
    public int MaxItemsPerSubnet { get; set; } = 2500;

    [Description("How long an item is kept (BEP 44).")]
    [Stops("the same")]
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ItemLife { get; set; } = TimeSpan.FromHours(2);

    [Description("Piece lists seen in look-ups whose place is remembered until they are asked for.")]
    [Stops("memory growing with made-up claims")]
    [Range(16, 1_000_000)]
    public int MaxClaimTargets { get; set; } = 4096;

    [Description("Nodes remembered as silent.")]
    [Stops("memory growing with made-up nodes")]
    [Range(16, 100_000)]
    public int MaxSuspects { get; set; } = 1024;

    [Description("Nodes that have fallen silent that are tried again now and then.")]
    [Stops("the same")]
    [Range(0, 10_000)]
    public int MaxLostNodes { get; set; } = 64;

    [Description("Endpoints to join by that are kept in mind.")]
    [Stops("memory growing with neighbours that anyone on the LAN can make up")]
    [Range(1, 10_000)]
    public int MaxEntrances { get; set; } = 128;
}
