using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Fetching;

/// <summary>How the work on a file is shared out among channels, and when one has failed.</summary>
internal sealed partial class FetchOptions
{
    [Description("How much a channel of unknown speed is asked for first.")]
    [Range(typeof(ByteSize), "64KiB", "1GiB")]
    public ByteSize FirstClaim { get; set; } = new(1 << 20);

    [Description("The same for one on this machine or in the same local network, which is probably fast.")]
    [Range(typeof(ByteSize), "64KiB", "1GiB")]
    public ByteSize FirstClaimNear { get; set; } = new(4 << 20);

    [Description(
        "How much a channel is asked for once it was measured, as time at its own speed. Long enough to be efficient, short enough to be "
        + "fair.")]
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan ClaimTime { get; set; } = TimeSpan.FromSeconds(1);

    [Description(
        "What taking over work costs at least: a round trip, or the time to a channel's first byte where that is longer. It must be "
        + "worth that.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:20")]
    public TimeSpan TakeOverCost { get; set; } = TimeSpan.FromMilliseconds(200);

    [Description("A channel takes over what it would do this many times faster.")]
    [Range(1.0, 100.0)]
    public double TakeOverFactor { get; set; } = 2;

    [Description("A channel of unknown speed may try what would take another one this long.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:20")]
    public TimeSpan UntriedTime { get; set; } = TimeSpan.FromSeconds(1);

    [Description("The same for one on this machine or in the same local network.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:20")]
    public TimeSpan UntriedTimeNear { get; set; } = TimeSpan.FromMilliseconds(300);

    [Description("What the newest claim counts in a channel's speed; older ones fade.")]
    [Range(0.01, 1.0)]
    public double NewestShare { get; set; } = 0.3;

    [Description(
        "How long the part that apt waits for may wait for a channel that is busy with a later one, where nobody else is left. Else that "
        + "is broken off for it.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:20")]
    public TimeSpan FrontWait { get; set; } = TimeSpan.FromSeconds(1);

    [Description("How often an idle channel looks whether another one has become slow.")]
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:10")]
    public TimeSpan LookAround { get; set; } = TimeSpan.FromMilliseconds(100);

    [Description(
        "How many channels look around that often; of more, each does so more rarely, so that what they cost together does not grow with "
        + "the square of their number.")]
    [Range(1, 1000)]
    public int LookAroundTogether { get; set; } = 8;

    [Description(
        "For how long the mirror does not wait for peers that were late, or for searches that found nobody, unless they do well before. "
        + "A quarter of a second lost every two minutes is little, and the mirror is spared soon when peers are good again.")]
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Doubt { get; set; } = TimeSpan.FromMinutes(2);

    [Description("How many searches in a row must have been waited for in vain. One alone may have been for a file that nobody has.")]
    [Range(1, 1000)]
    public int VainSearches { get; set; } = 2;

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

    [Description("For how long the mirror alone is believed after peers gave wrong bytes of a file. apt asks again after seconds.")]
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Distrust { get; set; } = TimeSpan.FromMinutes(10);
}
