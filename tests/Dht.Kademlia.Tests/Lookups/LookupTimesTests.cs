using AptP2P.Dht.Kademlia.Lookups;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Lookups;

public sealed class LookupTimesTests
{
    [Fact]
    public void Median_OfTheLastOnes_OneSlowLookupDoesNotShow()
    {
        var times = new LookupTimes();
        Assert.Null(times.Median);

        foreach (var seconds in (int[])[1, 3, 100])
        {
            times.Add(TimeSpan.FromSeconds(seconds));
        }

        Assert.Equal(TimeSpan.FromSeconds(3), times.Median);

        for (var i = 0; i < 32; i++)
        {
            times.Add(TimeSpan.FromSeconds(7));
        }

        Assert.Equal(TimeSpan.FromSeconds(7), times.Median);
    }
}
