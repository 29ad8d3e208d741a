using AptP2P.Source.Peers.Reputation;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Reputation;

public sealed class PausesTests
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(5);

    private readonly VirtualTime _time = new();
    private readonly Pauses<string> _pauses;

    public PausesTests() => _pauses = new Pauses<string>(First, Longest, capacity: 3, _time);

    [Fact]
    public void Add_AgainAndAgain_GrowsUpToTheLongest()
    {
        foreach (var minutes in new[] { 10, 40, 160, 300, 300 })
        {
            Assert.Equal(TimeSpan.FromMinutes(minutes), _pauses.Add("a"));
            _time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            Assert.True(_pauses.IsPaused("a"));
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.False(_pauses.IsPaused("a"));
        }
    }

    [Fact]
    public void Add_WhileItRuns_IsTheSamePause()
    {
        _pauses.Add("a");
        _time.Advance(TimeSpan.FromMinutes(4));

        Assert.Equal(TimeSpan.FromMinutes(6), _pauses.Add("a"));
        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.False(_pauses.IsPaused("a"));
    }

    [Fact]
    public void Add_AfterALongGoodTime_StartsAnew()
    {
        _pauses.Add("a");
        _time.Advance(First + Longest);

        Assert.Equal(First, _pauses.Add("a"));
    }

    [Fact]
    public void Add_Full_ForgetsTheOneThatEndsFirst()
    {
        foreach (var key in new[] { "a", "b", "c", "d" })
        {
            _pauses.Add(key);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["b", "c", "d"], _pauses.Entries.Select(pause => pause.Key).Order());
    }

    [Fact]
    public void Remove_Paused_NoLonger()
    {
        _pauses.Add("a");
        _pauses.Remove("a");

        Assert.False(_pauses.IsPaused("a"));
        Assert.Empty(_pauses.Running);
    }
}
