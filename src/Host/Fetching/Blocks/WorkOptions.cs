using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Fetching.Blocks;

/// <summary>Section <c>[Fetch]</c>: how the work on a file is shared out among its channels.</summary>
internal sealed class WorkOptions
{
    [Description("How far beyond the bytes that apt waits for other channels may work ahead.")]
    [Range(typeof(ByteSize), "4MiB", "1TiB")]
    public ByteSize Window { get; set; } = new(64 << 20);

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

    [Description(
        "While a neighbour that has all of a file has paused for no longer than this, and is no slower than the mirror, the mirror is "
        + "asked for nothing: what the neighbour has costs the line nothing.")]
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:20")]
    public TimeSpan NeighbourSilence { get; set; } = TimeSpan.FromMilliseconds(250);

    [Description(
        "How long a neighbour has to show that it is no slower than the mirror, while no neighbour has done well lately. After that the "
        + "mirror takes over what it is slow with: a neighbour that is off, or trickles, costs this once.")]
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:20")]
    public TimeSpan NeighbourStart { get; set; } = TimeSpan.FromMilliseconds(50);

    [Description(
        "Neighbours that do this many bytes per second are fast enough, though the mirror may be faster still: few lines are, and what "
        + "they have costs the line nothing.")]
    [Range(typeof(ByteSize), "0", "1TiB")]
    public ByteSize NeighbourSpeed { get; set; } = new(16 << 20);

    [Description(
        "A mirror whose speed is not known is tried with one piece if the neighbours would take longer than this for the rest.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:20")]
    public TimeSpan TryTime { get; set; } = TimeSpan.FromMilliseconds(250);

    [Description(
        "How long the part that apt waits for may wait for a channel that is busy with a later one, where nobody else is left. Else that "
        + "is broken off for it.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:20")]
    public TimeSpan FrontWait { get; set; } = TimeSpan.FromSeconds(1);
}
