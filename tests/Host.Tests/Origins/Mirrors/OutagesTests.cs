using AptP2P.Host.Origins.Mirrors;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Origins.Mirrors;

public sealed class OutagesTests
{
    private readonly VirtualTime _time = new();
    private readonly Outages _outages;

    public OutagesTests() => _outages = new Outages(_time);

    [Fact]
    public void Current_WhatAptNoticed_IsCountedFromTheFirstTime()
    {
        var since = _time.GetUtcNow();
        _outages.CopyGiven("a");
        _time.Advance(TimeSpan.FromMinutes(1));
        _outages.ErrorGiven("b");
        _outages.CopyGiven("a");

        Assert.Equal(
            [("a", since, 2, 0), ("b", since.AddMinutes(1), 0, 1)],
            _outages.Current.Select(outage => (outage.Origin, outage.Since, outage.Copies, outage.Errors)));
    }

    [Fact]
    public void Current_TheOriginAnswers_ItIsOver()
    {
        _outages.CopyGiven("a");
        _outages.CopyGiven("b");
        _outages.End("a");

        Assert.Equal("b", Assert.Single(_outages.Current).Origin);
    }

    [Fact]
    public void Current_NobodyAsksForAWhile_ItIsForgotten()
    {
        _outages.CopyGiven("a");
        _time.Advance(Outages.Memory - TimeSpan.FromTicks(1));
        Assert.Single(_outages.Current);

        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Empty(_outages.Current);
    }

    [Fact]
    public void ErrorGiven_ManyInventedOrigins_AreBounded()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _outages.ErrorGiven($"{i}");
        }

        Assert.InRange(_outages.Current.Count, 1, 100);
    }
}
