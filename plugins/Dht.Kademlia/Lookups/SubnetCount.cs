using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Lookups;

/// <summary>
/// Counts how many of the nearest nodes are in one /24 or /64. For public addresses only: there one party probably owns all of it.
/// </summary>
internal sealed class SubnetCount(KademliaOptions options)
{
    private readonly List<UdpEndpoint> _public = [];

    /// <summary>How many endpoints were taken.</summary>
    public int Count { get; private set; }

    public void Begin()
    {
        Count = 0;
        _public.Clear();
    }

    /// <returns>Whether the endpoint was taken: its subnet had room.</returns>
    public bool TryTake(UdpEndpoint endpoint)
    {
        if (!endpoint.IsLocal())
        {
            var subnet = endpoint.Subnet;
            var same = 0;
            foreach (var other in _public)
            {
                same += other == subnet ? 1 : 0;
            }

            if (same >= options.MaxNodesPerSubnetInResult)
            {
                return false;
            }

            _public.Add(subnet);
        }

        Count++;
        return true;
    }
}
