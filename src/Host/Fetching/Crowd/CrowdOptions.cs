using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Fetching.Crowd;

/// <summary>Section <c>[Fetch]</c>: how nodes that get the same file at the same moment share the work.</summary>
internal sealed class CrowdOptions
{
    [Description(
        "From this size on a file is announced when its fetch begins, and peers are looked for again while it runs, so that nodes that "
        + "begin together share the work. Smaller files are there before that pays.")]
    public ByteSize CrowdFrom { get; set; } = new(8 << 20);

    [Description(
        "When no further node was met for this long, all that get the file probably know of each other, and each brings in its part in "
        + "the file's order. Before, each takes what will be its part however many there are.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan CrowdSettling { get; set; } = TimeSpan.FromMilliseconds(500);

    [Description("How often a peer that is getting the same file is asked how far it is.")]
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:20")]
    public TimeSpan CrowdAsk { get; set; } = TimeSpan.FromMilliseconds(250);

    [Description("The same for a file of a single piece, which is there soon.")]
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:20")]
    public TimeSpan CrowdAskSmall { get; set; } = TimeSpan.FromMilliseconds(50);

    [Description(
        "How long a node that meets others at a file smaller than CrowdFrom waits before it asks the mirror for its part: by then it has "
        + "heard whether those who began before it do.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan CrowdMeeting { get; set; } = TimeSpan.FromMilliseconds(100);

    [Description(
        "How many of them are asked that often; more are asked more rarely, so that what a crowd costs each of its nodes does not grow "
        + "with it.")]
    [Range(1, 1000)]
    public int CrowdAskTogether { get; set; } = 8;

    [Description(
        "How often that time doubles while one that gets a file smaller than CrowdFrom says the same again and again, and is not waited "
        + "for.")]
    [Range(0, 10)]
    public int CrowdAskRarely { get; set; } = 4;

    [Description("How much longer than the mirror would take for a piece another node is waited for, once nothing comes any more.")]
    [Range(1.0, 100.0)]
    public double CrowdFactor { get; set; } = 2;

    [Description(
        "The shortest such wait, the first time; half of it the next time, and so on. Fifty nodes that share a mirror's line all have "
        + "their first piece late.")]
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:20")]
    public TimeSpan CrowdWait { get; set; } = TimeSpan.FromSeconds(5);
}
