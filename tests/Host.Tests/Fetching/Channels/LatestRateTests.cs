using AptP2P.Host.Fetching.Channels;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Fetching.Channels;

public sealed class LatestRateTests
{
    private readonly VirtualTime _time = new();
    private readonly LatestRate _rate;

    public LatestRateTests() => _rate = new LatestRate(_time, TimeSpan.FromSeconds(1));

    [Fact]
    public void Current_BeforeTheStretchIsOver_Unknown()
    {
        _rate.Begin();
        Come(bytes: 900, seconds: 0.9);

        Assert.Equal(0, _rate.Current);
    }

    [Fact]
    public void Current_OneLongRead_FollowsWhatComes()
    {
        _rate.Begin();
        for (var i = 0; i < 20; i++)
        {
            Come(bytes: 100_000, seconds: 0.1);
        }

        Assert.Equal(1_000_000, _rate.Current, tolerance: 1);
        Come(bytes: 500, seconds: 1);
        Assert.Equal(500, _rate.Current, tolerance: 1);
    }

    [Fact]
    public void Current_NothingToDo_StaysAsItWas()
    {
        _time.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 4; i++)
        {
            _rate.Begin();
            Come(bytes: 50_000, seconds: 0.5);
            _rate.End();
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(100_000, _rate.Current, tolerance: 1);
    }

    [Fact]
    public void Current_SilentForAStretch_NothingComes()
    {
        _rate.Begin();
        Come(bytes: 100_000, seconds: 1);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(0, _rate.Current);
    }

    private void Come(int bytes, double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _rate.Add(bytes);
    }
}
