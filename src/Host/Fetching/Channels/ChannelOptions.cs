using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Fetching.Channels;

/// <summary>Section <c>[Fetch]</c>: how many channels there are, how they are measured, and when one has failed.</summary>
internal sealed partial class ChannelOptions
{
    [Description("How many channels may work on one file: sockets and buffers are spent on each.")]
    [Range(1, 200)]
    public int Channels { get; set; } = 32;

    [Description("A channel that has sent nothing for this long loses what it was asked for to one that has nothing to do.")]
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:20")]
    public TimeSpan Silence { get; set; } = TimeSpan.FromMilliseconds(500);

    [Description("Over how much of its working time a channel's rate is taken. Shorter is livelier, longer is not misled by a pause.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:20")]
    public TimeSpan RateTime { get; set; } = TimeSpan.FromSeconds(1);

    [Description("What the newest claim counts in a channel's speed; older ones fade.")]
    [Range(0.01, 1.0)]
    public double NewestShare { get; set; } = 0.3;

    [Description(
        "Over how much time in which its bodies come a host's speed is taken, which all fetches share: who is faster gets the work.")]
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:20")]
    public TimeSpan SpeedTime { get; set; } = TimeSpan.FromMilliseconds(100);

    [Description("A read of at least this size says it too, however short it was.")]
    public ByteSize SpeedBytes { get; set; } = new(256 << 10);

    [Description("For how long a host's speed is remembered. A laptop may be in another network by then.")]
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan SpeedMemory { get; set; } = TimeSpan.FromMinutes(10);

    [Description("Of how many hosts. Look-ups may name any number of peers.")]
    [Range(1, 100_000)]
    public int SpeedsKept { get; set; } = 1000;

    [Description(
        "Whether the mirror waits for peers though none of them has done well yet. true: a daemon that has just started spares the mirror "
        + "from the first file on, and where peers are slow, or cannot be reached, that file is later.")]
    public bool WaitForUntried { get; set; }

    [Description(
        "Failures in a row without a byte after which an origin is given up for this file while others can serve it too; one that is "
        + "alone is after one, and so is a peer that has given nothing yet.")]
    [Range(1, 100)]
    public int Failures { get; set; } = 3;

    [Description(
        "How often in a row a peer may say that it is busy, or fail while it is getting the file itself: it has more each time, and much "
        + "to do.")]
    [Range(1, 1000)]
    public int BusyAnswers { get; set; } = 30;

    [Description(
        "How often in a row a peer that has the whole file may fall silent before it is left alone. It may be at work for many others.")]
    [Range(1, 100)]
    public int Silences { get; set; } = 3;

    [Description("Pause after a channel's first failure; it doubles with each further one.")]
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:20")]
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromMilliseconds(200);

    [Description("Longest such pause, whatever Retry-After says: apt waits 30 s.")]
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:25")]
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(5);

    [Description(
        "When no byte has come from anywhere for this long and there is an origin, the origin is asked, whatever the policy says. Longer "
        + "than the policies wait that come with the daemon.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:25")]
    public TimeSpan OriginAnyway { get; set; } = TimeSpan.FromSeconds(5);

    [Description("How long a plugin may take to decide, or to end what it was told to end. After that the fetch goes on without it.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:25")]
    public TimeSpan PluginTime { get; set; } = TimeSpan.FromSeconds(1);

    [Description(
        "How long a file may wait for a plugin with local copies to say whether it has it. A disk that sleeps takes longer: what it has "
        + "is used from then on.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan LocalBudget { get; set; } = TimeSpan.FromMilliseconds(250);

    [Description("While a local copy has paused for no longer than this, nobody else is asked: what it gives costs no line.")]
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:20")]
    public TimeSpan LocalSilence { get; set; } = TimeSpan.FromSeconds(2);

    [Description("Local copies that give fewer bytes per second than this get help from peers and the mirror.")]
    [Range(typeof(ByteSize), "0", "1TiB")]
    public ByteSize LocalRate { get; set; } = new(1 << 20);
}
