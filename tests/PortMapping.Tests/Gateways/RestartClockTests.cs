using AptP2P.Ports.Gateways;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Ports.Tests.Gateways;

public sealed class RestartClockTests
{
    private readonly VirtualTime _time = new();

    [Theory]
    [InlineData(1000u, 3600, 4600u, false)]
    [InlineData(1000u, 3600, 4599u, false)]
    [InlineData(1000u, 1, 1000u, false)]
    [InlineData(1000u, 0, 999u, false)] // answers may overtake each other
    [InlineData(1000u, 0, 998u, true)]
    [InlineData(1000u, 3600, 0u, true)]
    [InlineData(100u, 3600, 200u, true)] // started again, and for longer than before
    [InlineData(1000u, 3600, 4400u, false)] // a slow clock
    [InlineData(1000u, 3600, 4800u, false)]
    [InlineData(1000u, 3600, 4300u, true)]
    [InlineData(1000u, 3600, 5000u, true)]
    [InlineData(1000u, 0, 4_000_000_000u, true)]
    public void HasRestarted_Pcp_AsItsClockRuns(uint before, int seconds, uint after, bool restarted)
    {
        var clock = new RestartClock(_time, 1.0 / 16, bothWays: true);

        Assert.False(clock.HasRestarted(before));
        _time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(restarted, clock.HasRestarted(after));
    }

    [Theory]
    [InlineData(1000u, 3600, 4200u, false)]
    [InlineData(1000u, 3600, 4100u, true)]
    [InlineData(1000u, 3600, 9000u, false)]
    [InlineData(1000u, 3600, 0u, true)]
    public void HasRestarted_NatPmp_OnlyIfItIsTooSlow(uint before, int seconds, uint after, bool restarted)
    {
        var clock = new RestartClock(_time, 1.0 / 8, bothWays: false);

        Assert.False(clock.HasRestarted(before));
        _time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(restarted, clock.HasRestarted(after));
    }
}
