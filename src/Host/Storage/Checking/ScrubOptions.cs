using System.ComponentModel;

namespace AptP2P.Host.Storage.Checking;

/// <summary>Of section <c>[Store]</c>: how fast all that is stored is verified.</summary>
internal sealed class ScrubOptions
{
    [Description(
        "Bytes per second at which stored files are verified in the background, since disks forget. 16 KiB are 1.4 GB a day, and a full "
        + "store in two weeks. 0 for never.")]
    public ByteSize VerifyRate { get; set; } = new(16L << 10);
}
