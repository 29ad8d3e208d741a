using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Source.Mirror;

/// <summary>How origins are talked to.</summary>
public sealed class MirrorOptions
{
    [Description("How long connecting may take, name resolution included. Short, because apt gives up after 30 s and another mirror may be tried meanwhile.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    [Description("How long an origin may think before it answers. Long enough for one that first gets the file itself, below apt's own 30 s.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:02:00")]
    public TimeSpan FirstByteTimeout { get; set; } = TimeSpan.FromSeconds(15);

    [Description("How long an origin may pause inside a body. The rest is then asked for again on another connection, before apt's 30 s are over.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:02:00")]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    [Description("Connections to one origin at a time; more requests wait. Mirrors refuse clients that open too many.")]
    [Range(1, 256)]
    public int ConnectionsPerOrigin { get; set; } = 16;

    [Description("How long an unused connection is kept. Most mirrors close them after 5 to 60 s themselves.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(30);

    [Description("Redirects that are followed for one file. More are a loop.")]
    [Range(0, 50)]
    public int MaxRedirects { get; set; } = 5;

    [Description("An origin that answers a range with the whole file is read up to this offset before the range begins; beyond it, it counts as failed.")]
    [Range(typeof(ByteSize), "0", "1TiB")]
    public ByteSize SkipLimit { get; set; } = new(64 << 20);

    [Description("A body that is no longer wanted is read to its end if at most this much is left, so that its connection can be used again.")]
    [Range(typeof(ByteSize), "0", "16MiB")]
    public ByteSize DrainLimit { get; set; } = new(256 << 10);
}
