using System.Net;
using System.Net.Sockets;

namespace AptP2P.Dht.Kademlia.Configuration;

/// <summary>What the plugin needs of <see cref="PluginContext"/>.</summary>
internal sealed record KademliaEnvironment(string StateFolder, IPEndPoint EndPoint, IReadOnlyList<SafeSocketHandle> Sockets)
{
    public PeerReach Reach { get; init; } = PeerReach.World;

    public NetworkSecret Secret { get; init; } = NetworkSecret.None;
}
