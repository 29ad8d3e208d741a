using AptP2P.Neighbours.Lan.Announcing;
using AptP2P.Neighbours.Lan.Configuration;
using AptP2P.Neighbours.Lan.Listening;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Neighbours.Lan.Tests.Announcing;

public sealed class BeaconTests
{
    private readonly VirtualTime _time = new();
    private readonly LanOptions _options = new();

    [Fact]
    public void Start_Always_SaysItThreeTimesAndThenRarely()
    {
        var beacon = New();

        var said = SayFor(beacon, TimeSpan.FromMinutes(16));

        Assert.Equal([0, 2, 4], said.Take(3).Select(at => at.TotalSeconds));
        Assert.Equal(6, said.Count);
        Assert.All(
            said.Skip(2).Zip(said.Skip(3), (before, after) => after - before),
            pause => Assert.InRange(pause, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(310)));
    }

    [Fact]
    public void Hear_ANewcomer_IsAnsweredWithinASecondAndOnce()
    {
        var beacon = Started();
        var heard = _time.Elapsed;

        beacon.Hear(Sighting.New);
        beacon.Hear(Sighting.New); // another one
        var said = SayFor(beacon, TimeSpan.FromMinutes(1));

        Assert.InRange(Assert.Single(said) - heard, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Hear_NewcomersAtOneTime_TheAnswersDoNotComeAtOneTime()
    {
        var waits = Enumerable.Range(0, 8).Select(seed =>
        {
            var beacon = New(seed);
            SayFor(beacon, TimeSpan.FromSeconds(10));
            beacon.Hear(Sighting.New);
            return beacon.Wait;
        });

        Assert.Equal(8, waits.Distinct().Count());
    }

    [Fact]
    public void Hear_ANewcomerRepeatsItself_IsAnsweredAgainUnlessItWasJustSaid()
    {
        var beacon = Started();

        beacon.Hear(Sighting.Repeated);
        var said = SayFor(beacon, TimeSpan.FromSeconds(1));
        beacon.Hear(Sighting.Repeated);

        Assert.Single(said);
        Assert.Empty(SayFor(beacon, TimeSpan.FromSeconds(2)));
    }

    [Theory]
    [InlineData((int)Sighting.Known)]
    [InlineData((int)Sighting.None)]
    public void Hear_NoNews_IsNotAnswered(int sighting)
    {
        var beacon = Started();

        beacon.Hear((Sighting)sighting);

        Assert.Empty(SayFor(beacon, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void Hear_DuringTheStart_SaysNothingMore()
    {
        var beacon = New();
        Assert.True(beacon.TryTake());

        beacon.Hear(Sighting.New);

        Assert.Equal(2, SayFor(beacon, TimeSpan.FromMinutes(1)).Count);
    }

    [Fact]
    public void Hear_AFloodOfNewcomers_SaysNoMoreThanTheLimit()
    {
        var beacon = Started();
        var said = 0;

        for (var second = 0; second < 600; second++)
        {
            beacon.Hear(Sighting.New);
            said += SayFor(beacon, TimeSpan.FromSeconds(1)).Count;
        }

        Assert.InRange(said, 10 * _options.SendsPerMinute, 11 * _options.SendsPerMinute);
    }

    [Fact]
    public void Change_LongAfterTheLast_IsSaidAtOnce()
    {
        var beacon = Started();
        Assert.Empty(SayFor(beacon, TimeSpan.FromMinutes(2)));

        beacon.Change();

        Assert.Equal(TimeSpan.Zero, beacon.Wait);
    }

    [Fact]
    public void Change_OverAndOver_IsSaidOnceAMinute()
    {
        var beacon = Started();
        var said = 0;

        for (var second = 0; second < 600; second++)
        {
            beacon.Change();
            said += SayFor(beacon, TimeSpan.FromSeconds(1)).Count;
        }

        Assert.InRange(said, 9, 10);
    }

    private Beacon New(int seed = 1) => new(_options, new Random(seed), _time);

    private Beacon Started()
    {
        var beacon = New();
        SayFor(beacon, TimeSpan.FromSeconds(10));
        return beacon;
    }

    /// <summary>When it says something, as its owner would ask.</summary>
    private List<TimeSpan> SayFor(Beacon beacon, TimeSpan time)
    {
        var end = _time.Elapsed + time;
        List<TimeSpan> said = [];
        while (_time.Elapsed + beacon.Wait < end)
        {
            _time.Advance(beacon.Wait);
            Assert.True(beacon.TryTake());
            said.Add(_time.Elapsed);
        }

        _time.Advance(end - _time.Elapsed);
        return said;
    }
}
