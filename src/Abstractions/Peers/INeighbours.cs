using System.Net;

namespace AptP2P;

/// <summary>
/// Nodes found nearby by other means (multicast, mDNS, a list), from which a look-up can start without any bootstrap server.
/// </summary>
public interface INeighbours
{
    /// <summary>Streams endpoints as they appear, for as long as it is listened to.</summary>
    IAsyncEnumerable<IPEndPoint> WatchAsync(CancellationToken cancellationToken);
}
