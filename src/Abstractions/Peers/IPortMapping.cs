namespace AptP2P;

/// <summary>Has the router in front of this machine pass the node's port through, for TCP and UDP.</summary>
public interface IPortMapping
{
    /// <summary>
    /// Streams how it stands, for as long as it is listened to: what is known already, then each change. What is said of an address family
    /// stands until the next word of the same family. Any number may listen.
    /// </summary>
    IAsyncEnumerable<PortMapping> WatchAsync(CancellationToken cancellationToken);
}
