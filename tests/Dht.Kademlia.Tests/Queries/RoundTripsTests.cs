using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Queries;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Queries;

public sealed class RoundTripsTests
{
    private readonly KademliaOptions _options = new();

    [Fact]
    public void Stall_NothingMeasured_IsTheDefault() => Assert.Equal(_options.StallUnknown, new RoundTrips(_options).Stall);

    [Fact]
    public void Stall_FastNetwork_IsATenthOfASecondMore() => Assert.InRange(Measure(static _ => 1).Stall.TotalMilliseconds, 100, 105);

    [Fact]
    public void Stall_SpreadRoundTrips_IsTheNinetiethPercentile() =>
        Assert.InRange(Measure(static random => 20 + (280 * random.NextDouble())).Stall.TotalMilliseconds, 250, 320);

    [Fact]
    public void Stall_VerySlowNetwork_IsLimited() => Assert.Equal(_options.StallMax, Measure(static _ => 9000).Stall);

    [Fact]
    public void Stall_NetworkBecomesFaster_Follows()
    {
        var trips = Measure(static _ => 800);
        for (var i = 0; i < 3000; i++)
        {
            trips.Add(TimeSpan.FromMilliseconds(5));
        }

        Assert.InRange(trips.Stall.TotalMilliseconds, 100, 120);
    }

    private RoundTrips Measure(Func<Random, double> milliseconds)
    {
        var random = new Random(1);
        var trips = new RoundTrips(_options);
        for (var i = 0; i < 500; i++)
        {
            trips.Add(TimeSpan.FromMilliseconds(milliseconds(random)));
        }

        return trips;
    }
}
