using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Storage;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Storage;

public sealed class HoldingsTests
{
    [Fact]
    public void First_AfterManyChanges_IsTheOldestOfTheLargestHostOfTheLargestSite()
    {
        var random = new Random(3);
        var holdings = new Holdings(int.MaxValue, int.MaxValue);
        var held = new List<Thing>(); // in the order in which they were added or renewed
        for (var step = 0; step < 5000; step++)
        {
            var thing = held.Count > 0 ? held[random.Next(held.Count)] : null;
            switch (random.Next(step < 2500 ? 5 : 3))
            {
                case 0 when thing is not null:
                    holdings.Remove(thing);
                    held.Remove(thing);
                    break;
                case 1 when thing is not null:
                    Holdings.Renew(thing);
                    held.Remove(thing);
                    held.Add(thing);
                    break;
                default:
                    var added = new Thing(UdpEndpoint.FromV4(0x30000000 + (uint)((random.Next(6) << 8) + random.Next(4)), 9977));
                    holdings.Add(added, added.Owner);
                    held.Add(added);
                    break;
            }

            Assert.Equal(held.Count, holdings.Count);
            if (held.Count > 0)
            {
                var first = (Thing)holdings.First();
                var ofSite = held.Where(other => other.Owner.Site == first.Owner.Site).ToList();
                Assert.Equal(held.GroupBy(static other => other.Owner.Site).Max(static site => site.Count()), ofSite.Count);
                Assert.Equal(
                    ofSite.GroupBy(static other => other.Owner.Host).Max(static host => host.Count()),
                    ofSite.Count(other => other.Owner.Host == first.Owner.Host));
                Assert.Same(ofSite.First(other => other.Owner.Host == first.Owner.Host), first);
            }
        }

        held.ForEach(holdings.Remove);
        Assert.Equal(0, holdings.Count);
    }

    [Theory]
    [InlineData("203.0.113.1:1", "203.0.113.1:0", "203.0.113.0:0")]
    [InlineData("192.168.1.1:1", "192.168.1.1:0", "192.168.1.1:0")] // in a network of ours each stands for itself
    [InlineData("[2a04:1:2:3::4]:1", "[2a04:1:2:3::]:0", "[2a04:1:2::]:0")]
    [InlineData("[fd00:1:2:3::4]:1", "[fd00:1:2:3::]:0", "[fd00:1:2:3::]:0")]
    public void HostAndSite_Endpoint_WhatOnePartyHas(string endpoint, string host, string site)
    {
        Assert.Equal(Subject.At(host), Subject.At(endpoint).Host);
        Assert.Equal(Subject.At(site), Subject.At(endpoint).Site);
    }

    private sealed class Thing(UdpEndpoint owner) : Holding
    {
        public UdpEndpoint Owner { get; } = owner;
    }
}
