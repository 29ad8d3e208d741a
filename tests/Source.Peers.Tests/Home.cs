using System.Net;
using AptP2P.Source.Peers.Addresses;
using AptP2P.Source.Peers.Configuration;
using AptP2P.Source.Peers.Reputation;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.Logging.Abstractions;

namespace AptP2P.Source.Peers.Tests;

/// <summary>A machine with a private address, and a link with a global prefix.</summary>
internal static class Home
{
    public static ListedAddresses Machine { get; } = new("192.168.1.5") { Near = [IPNetwork.Parse("2a02:908::/64")] };

    public static PeerParties Parties { get; } = new(Machine);

    public static PeerReputation NewReputation(PeersOptions options, TimeProvider time, NearPeers? near = null)
    {
        var wrapped = Microsoft.Extensions.Options.Options.Create(options);
        return new PeerReputation(wrapped, Parties, near ?? new NearPeers(wrapped, time), time, NullLogger<PeerReputation>.Instance);
    }
}
