using System.Net;
using System.Net.Sockets;

namespace AptP2P;

/// <summary>What a plugin may know of the node it runs in.</summary>
/// <param name="StateFolder">A folder for this plugin alone, which survives restarts. It exists.</param>
/// <param name="EndPoint">Where the node listens: TCP for apt and peers, the same number in UDP for a DHT.</param>
public sealed record PluginContext(string StateFolder, IPEndPoint EndPoint)
{
    /// <summary>
    /// UDP sockets on <see cref="EndPoint"/>'s port that the service manager keeps open, so that datagrams wait while the daemon restarts:
    /// one for each address family, or one for both. A plugin that would bind the port uses them instead; only one can. Disposing of a
    /// socket that was made of one does not close it. Empty where nobody has opened them: then the plugin binds the port itself.
    /// </summary>
    public IReadOnlyList<SafeSocketHandle> DatagramSockets { get; init; } = [];

    /// <summary>With whom this node may deal. If with nobody, a plugin that deals with peers does nothing.</summary>
    public PeerReach Reach { get; init; } = PeerReach.World;

    /// <summary>
    /// What sets the node's network apart from that of everybody (<c>[Sharing] NetworkSecret</c>). A plugin that finds or meets other nodes
    /// makes the name of the network with it, so that one setting holds for all ways to find them.
    /// </summary>
    public NetworkSecret NetworkSecret { get; init; } = NetworkSecret.None;

    /// <summary>
    /// Cancelled when the daemon begins to stop. Downloads have time to end then (<c>[Host] StopGrace</c>); answers without an end, such as
    /// a stream of events, end at once.
    /// </summary>
    public CancellationToken Stopping { get; init; }
}
