using System.Net;

namespace AptP2P;

/// <summary>
/// Nodes found nearby by other means (multicast, mDNS, a list): peers to ask before any look-up, and nodes from which a look-up can start
/// without any bootstrap server.
/// </summary>
public interface INeighbours
{
    /// <summary>
    /// Streams endpoints as they appear, for as long as it is listened to: first those that are known already, then each that is found, and
    /// again each that gives another sign of life. The port is for TCP and UDP. Any number may listen.
    /// </summary>
    IAsyncEnumerable<IPEndPoint> WatchAsync(CancellationToken cancellationToken);
}
