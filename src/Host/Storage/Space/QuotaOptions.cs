using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Storage.Space;

/// <summary>Of section <c>[Store]</c>: how much the store may keep, and for how long.</summary>
internal sealed class QuotaOptions
{
    [Description(
        "How much disk stored files may take, unfinished ones and copies for outages included; what no index names any more goes first, "
        + "then the least recently used. A file larger than half of it is passed on and not kept. 0 for no limit.")]
    public ByteSize Quota { get; set; } = new(20L << 30);

    [Description(
        "Disk space that is always left free: the daemon must not be what fills a disk. Below it files go as above, and nothing new is "
        + "stored when that does not help.")]
    public ByteSize KeepFree { get; set; } = new(1L << 30);

    [Description("How long an unfinished file that nobody asks for is kept, so that a later fetch can continue it.")]
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan KeepPartials { get; set; } = TimeSpan.FromDays(3);
}
