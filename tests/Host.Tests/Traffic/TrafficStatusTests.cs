using AptP2P.Host.Traffic;
using AptP2P.Testing.Conformance;
using Xunit;

namespace AptP2P.Host.Tests.Traffic;

public sealed class TrafficStatusTests : StatusSectionConformance, IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly TrafficRig _rig = new();

    protected override IStatusSection Section => _rig.Section;

    public async ValueTask InitializeAsync() => await _rig.StartAsync();

    public ValueTask DisposeAsync()
    {
        _rig.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Read_EveryWay_IsCountedUnderItsOwnKey()
    {
        _rig.Count = new TrafficCount(Store: 1, Peers: 20, Mirror: 300, Sent: 4_000);

        foreach (var when in (string[])["today", "all", "session"])
        {
            Assert.Equal(
                (1L, 20L, 300L, 4_000L),
                (await _rig.ValueAsync(when + "Store"), await _rig.ValueAsync(when + "Peers"), await _rig.ValueAsync(when + "Mirror"),
                    await _rig.ValueAsync(when + "Sent")));
        }

        var point = (await _rig.SpanAsync("hour")).Points[^1];
        Assert.Equal([1, 20, 300, 4_000], point); // the step has only begun, and counts as a second
    }

    [Fact]
    public async Task Read_WhileSomethingComes_TheRunningStepMoves()
    {
        _rig.Come(1_000, TimeSpan.FromSeconds(10));
        Assert.Equal(100, (await _rig.RatesAsync("hour"))[^1]);

        _rig.Come(5_000, TimeSpan.FromSeconds(20));
        Assert.Equal(200, (await _rig.RatesAsync("hour"))[^1]);
    }

    [Fact]
    public async Task Read_StepsThatAreOver_AreBytesByTheirLength()
    {
        _rig.Come(60_000, Minute);
        _rig.Come(0, Minute);
        _rig.Come(120_000, TimeSpan.FromSeconds(70));

        Assert.Equal([1_000, 0, 2_000, 0], (await _rig.RatesAsync("hour"))[^4..]);
        Assert.Equal(180_000 / 190.0, (await _rig.RatesAsync("day"))[^1]);
        Assert.Equal(180_000 / 190.0, (await _rig.RatesAsync("month"))[^1]);
    }

    [Fact]
    public async Task Read_Spans_AreAnHourADayAndAMonth()
    {
        foreach (var (key, steps, minutes) in ((string, int, int)[])[("hour", 60, 1), ("day", 96, 15), ("month", 120, 360)])
        {
            var span = await _rig.SpanAsync(key);
            Assert.Equal(steps, span.Points.Length);
            Assert.Equal(TimeSpan.FromMinutes(minutes), span.Step);
            Assert.Equal(_rig.Time.GetUtcNow() + span.Step, span.End); // it has just begun
            Assert.All(span.Points[..^1], point => Assert.True(point.IsDefault));
        }
    }

    [Fact]
    public async Task Read_OverMidnight_TodayBeginsAnew()
    {
        _rig.Come(1_000, TimeSpan.FromHours(23));
        _rig.Come(100, TimeSpan.FromHours(1));
        Assert.Equal(0L, await _rig.ValueAsync("todayPeers"));

        _rig.Come(10, TimeSpan.FromHours(2));

        Assert.Equal((10L, 1_110L), (await _rig.ValueAsync("todayPeers"), await _rig.ValueAsync("allPeers")));
    }

    [Fact]
    public async Task Read_AfterTheMachineSlept_IsAGap()
    {
        _rig.Come(60, Minute);
        _rig.Time.Sleep(3 * Minute);
        _rig.Come(120, Minute);
        _rig.Come(0, TimeSpan.FromSeconds(30));

        Assert.Equal([null, 1, 0, null, null, null, 4], (await _rig.RatesAsync("hour"))[^7..]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-60)]
    [InlineData(-100_000)]
    [InlineData(100_000)]
    [InlineData(-40_000_000)] // before 1970 by this clock
    public async Task Read_AfterTheClockWasSet_NothingIsNegativeOrLost(int minutes)
    {
        _rig.Come(1_000, 5 * Minute);
        _rig.Time.Sleep(minutes * Minute);
        _rig.Come(1_000, 5 * Minute);
        await _rig.ValueAsync("allPeers");
        _rig.Time.Sleep(-minutes * Minute);
        _rig.Come(1_000, 5 * Minute);

        foreach (var key in (string[])["hour", "day", "month"])
        {
            Assert.DoesNotContain(await _rig.RatesAsync(key), rate => rate < 0);
        }

        Assert.Equal(3_000L, await _rig.ValueAsync("allPeers"));
        Assert.InRange((long)(await _rig.ValueAsync("todayPeers"))!, 2_000, 3_000);
    }
}
