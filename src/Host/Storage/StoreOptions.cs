using System.ComponentModel;

namespace AptP2P.Host.Storage;

/// <summary>Section <c>[Store]</c>.</summary>
internal sealed class StoreOptions
{
    [Description("How much disk stored files may take; the least recently used go first. 0 for no limit.")]
    public ByteSize Quota { get; set; } = new(20L << 30);

    [Description("Disk space that is always left free: the daemon must not be what fills a disk.")]
    public ByteSize KeepFree { get; set; } = new(1L << 30);
}
