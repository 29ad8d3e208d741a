using System.Net;

namespace AptP2P.Host.Proxy.Accounting;

/// <summary>A run of apt on the status page.</summary>
/// <param name="Number">Its number; later ones have higher numbers.</param>
/// <param name="Began">When it began.</param>
/// <param name="Client">Who.</param>
/// <param name="Kind"><c>update</c>, <c>packages</c> or <c>both</c>.</param>
/// <param name="Files">How many answers it got.</param>
/// <param name="Seconds">From its begin to its last answer.</param>
/// <param name="StoreBytes">How much it got from the store, old copies included.</param>
/// <param name="PeerBytes">How much from peers.</param>
/// <param name="MirrorBytes">How much from mirrors, what was passed through included.</param>
/// <param name="Sources">How many peers gave something.</param>
/// <param name="IsActive">Whether it is under way.</param>
internal sealed record AptRunSummary(
    long Number, DateTimeOffset Began, IPAddress Client, string Kind, long Files, double Seconds, long StoreBytes, long PeerBytes,
    long MirrorBytes, int Sources, bool IsActive)
{
    public long Bytes => StoreBytes + PeerBytes + MirrorBytes;
}
