using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Fetching;

/// <summary>Section <c>[Fetch]</c>.</summary>
internal sealed partial class FetchOptions
{
    [Description("How far beyond the bytes that apt waits for other channels may work ahead.")]
    [Range(typeof(ByteSize), "4MiB", "1TiB")]
    public ByteSize Window { get; set; } = new(64 << 20);

    [Description("A channel that has sent nothing for this long loses what it was asked for to one that has nothing to do.")]
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:20")]
    public TimeSpan Silence { get; set; } = TimeSpan.FromMilliseconds(500);

    [Description(
        "How long the mirror may send nothing while nobody else has the file: as long as apt waits, which is 30 s, less what it takes to "
        + "tell it. apt then asks again, as it would without us.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(29.5);

    [Description("When the mirror failed in a way after which apt asks again, how long peers are still looked for before apt hears of it.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:20")]
    public TimeSpan LastSearch { get; set; } = TimeSpan.FromSeconds(1);

    [Description(
        "When a mirror's file is not what its index names, how long others are looked for who have the right one, before apt gets it as "
        + "it is.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:20")]
    public TimeSpan SecondOpinion { get; set; } = TimeSpan.FromSeconds(5);

    [Description("Over how much of its working time a channel's rate is taken. Shorter is livelier, longer is not misled by a pause.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:20")]
    public TimeSpan RateTime { get; set; } = TimeSpan.FromSeconds(1);

    [Description("How many channels may work on one file: sockets and buffers are spent on each.")]
    [Range(1, 200)]
    public int Channels { get; set; } = 32;

    [Description(
        "From this size on a file is announced when its fetch begins, and peers are looked for again while it runs, so that nodes that "
        + "begin together share the work. Smaller files are there before that pays.")]
    public ByteSize CrowdFrom { get; set; } = new(8 << 20);

    [Description(
        "How long at most to wait for a piece that another node is to bring in from the mirror, before asking the mirror for it here too.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:25")]
    public TimeSpan CrowdPatience { get; set; } = TimeSpan.FromSeconds(10);

    [Description(
        "Pause before such a file's peers are looked for again; it doubles with each search. Others who began at the same moment are "
        + "announced by then.")]
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan SearchAgain { get; set; } = TimeSpan.FromMilliseconds(250);

    [Description("Longest pause between these searches: each costs the DHT some 20 datagrams.")]
    [Range(typeof(TimeSpan), "00:00:00.05", "00:10:00")]
    public TimeSpan SearchAgainMax { get; set; } = TimeSpan.FromSeconds(8);

    [Description(
        "When no further node was met for this long, all that get the file probably know of each other, and each brings in its part in "
        + "the file's order. Before, each takes what will be its part however many there are.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan CrowdSettling { get; set; } = TimeSpan.FromMilliseconds(500);

    [Description("How often a peer that is getting the same file is asked how far it is.")]
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:20")]
    public TimeSpan CrowdAsk { get; set; } = TimeSpan.FromMilliseconds(250);

    [Description(
        "How many of them are asked that often; more are asked more rarely, so that what a crowd costs each of its nodes does not grow "
        + "with it.")]
    [Range(1, 1000)]
    public int CrowdAskTogether { get; set; } = 8;

    [Description("How much longer than the mirror would take for a piece another node is waited for, once nothing comes any more.")]
    [Range(1.0, 100.0)]
    public double CrowdFactor { get; set; } = 2;

    [Description(
        "The shortest such wait, the first time; half of it the next time, and so on. Fifty nodes that share a mirror's line all have "
        + "their first piece late.")]
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:20")]
    public TimeSpan CrowdWait { get; set; } = TimeSpan.FromSeconds(5);

    [Description("How many files may be fetched at once; more wait their turn. Protects sockets, memory and the mirror.")]
    [Range(1, 10_000)]
    public int Fetches { get; set; } = 200;
}
