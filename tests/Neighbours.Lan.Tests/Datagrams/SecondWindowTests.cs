using AptP2P.Neighbours.Lan.Datagrams;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Neighbours.Lan.Tests.Datagrams;

public sealed class SecondWindowTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public void TryTake_MoreThanThereIs_NoUntilTheNextSecond()
    {
        var window = new SecondWindow(3, _time);

        Assert.Equal([true, true, true, false, false], Enumerable.Range(0, 5).Select(_ => window.TryTake()));
        _time.Advance(TimeSpan.FromMilliseconds(400));
        Assert.False(window.TryTake());
        Assert.Equal(TimeSpan.FromMilliseconds(600), window.Rest);
        _time.Advance(window.Rest);
        Assert.True(window.TryTake());
    }

    [Fact]
    public void Rest_LongSilence_IsNothing()
    {
        var window = new SecondWindow(3, _time);

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(TimeSpan.Zero, window.Rest);
    }
}
