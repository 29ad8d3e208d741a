using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Queries;

public sealed class TrafficRateTests
{
    private readonly VirtualTime _time = new();
    private readonly Traffic _traffic = new();

    [Fact]
    public void Read_ReadingsApart_BytesPerSecondBetweenThem()
    {
        var rate = new TrafficRate(_time);
        _traffic.Received(1_000);
        Assert.Null(rate.Read(_traffic));

        _traffic.Received(500);
        _traffic.Sent(100);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((250, 50), rate.Read(_traffic));

        _traffic.Received(9_000);
        _time.Advance(TimeSpan.FromMilliseconds(10)); // another reader, at nearly the same moment
        Assert.Equal((250, 50), rate.Read(_traffic));

        _time.Advance(TimeSpan.FromMilliseconds(8_990));
        Assert.Equal((1_000, 0), rate.Read(_traffic));
        Assert.Null(rate.Read(new Traffic())); // begun anew
    }
}
