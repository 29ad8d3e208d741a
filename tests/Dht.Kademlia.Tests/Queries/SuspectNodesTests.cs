using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Tests.Simulation;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Queries;

public sealed class SuspectNodesTests
{
    private static readonly UdpEndpoint Node = SimulatedNetworks.Address(1);

    private readonly KademliaOptions _options = new() { MaxSuspects = 16 };

    [Fact]
    public void Of_SilentOnceAndTwice_GrowsAndIsClearedByAnAnswer()
    {
        var suspects = new SuspectNodes(_options);
        Assert.Equal(Suspicion.None, suspects.Of(Node, TimeSpan.Zero));
        suspects.Add(Node, TimeSpan.Zero);
        Assert.Equal(Suspicion.Slight, suspects.Of(Node, TimeSpan.Zero));
        suspects.Add(Node, TimeSpan.Zero);
        Assert.Equal(Suspicion.Strong, suspects.Of(Node, TimeSpan.Zero));

        suspects.Clear(Node);

        Assert.Equal(Suspicion.None, suspects.Of(Node, TimeSpan.Zero));
    }

    [Fact]
    public void Of_LongAgo_IsForgotten()
    {
        var suspects = new SuspectNodes(_options);
        suspects.Add(Node, TimeSpan.Zero);

        Assert.Equal(Suspicion.None, suspects.Of(Node, _options.SuspectLife + TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void TryRetry_OftenAsked_IsAllowedNowAndThen()
    {
        var suspects = new SuspectNodes(_options);
        suspects.Add(Node, TimeSpan.Zero);
        suspects.Add(Node, TimeSpan.Zero);

        Assert.False(suspects.TryRetry(Node, TimeSpan.FromSeconds(1)));
        Assert.True(suspects.TryRetry(Node, _options.SuspectRetry));
        Assert.False(suspects.TryRetry(Node, _options.SuspectRetry));
    }

    [Fact]
    public void Add_Flood_IsBounded()
    {
        var suspects = new SuspectNodes(_options);
        for (var i = 0; i < 10_000; i++)
        {
            suspects.Add(SimulatedNetworks.Address(i), TimeSpan.Zero);
            suspects.Clear(SimulatedNetworks.Address(i - (i % 3)));
        }

        Assert.InRange(suspects.Count, 1, _options.MaxSuspects);
    }
}
