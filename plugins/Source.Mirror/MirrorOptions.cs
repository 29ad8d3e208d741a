using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Source.Mirror;

/// <summary>How origins are talked to.</summary>
public sealed class MirrorOptions
{
    [Description(
        "How long an origin may think before it answers, connecting included: as long as apt itself waits. Where others have the file, "
        + "they take over long before; and [Fetch] Patience ends it for apt's sake.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:02:00")]
    public TimeSpan FirstByteTimeout { get; set; } = TimeSpan.FromSeconds(30);

    [Description("How long an origin may pause inside a body, for the same reasons.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:02:00")]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    [Description("Connections to one origin at a time; more requests wait. Mirrors refuse clients that open too many.")]
    [Range(1, 256)]
    public int ConnectionsPerOrigin { get; set; } = 16;

    [Description(
        "An origin that answers a range with the whole file, of which peers have given the beginning, is read up to this offset before "
        + "the range begins; beyond it, it counts as failed.")]
    [Range(typeof(ByteSize), "0", "1TiB")]
    public ByteSize SkipLimit { get; set; } = new(64 << 20);
}
