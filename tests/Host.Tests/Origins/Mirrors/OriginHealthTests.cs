using AptP2P.Host.Origins.Mirrors;
using AptP2P.Testing;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Origins.Mirrors;

public sealed class OriginHealthTests
{
    private readonly VirtualTime _time = new();
    private readonly OriginHealth _memory;

    public OriginHealthTests() => _memory = new OriginHealth(Options.Create(new FailoverOptions()), _time);

    [Theory]
    [InlineData(0, 2)]
    [InlineData(0.1, 2)]
    [InlineData(1, 3)]
    [InlineData(5, 15)]
    [InlineData(28, 25)] // apt waits no longer than 30
    public void PatienceFor_ByTheUsualFirstByte_IsThreeTimesThat(double firstByte, double expected)
    {
        Assert.Equal(2, _memory.PatienceFor("a").TotalSeconds);
        for (var i = 0; i < 3; i++)
        {
            _memory.Answered("a", TimeSpan.FromSeconds(firstByte));
        }

        Assert.Equal(expected, _memory.PatienceFor("a").TotalSeconds);
        Assert.Equal(2, _memory.PatienceFor("b").TotalSeconds);
    }

    [Fact]
    public void Forgive_AnotherNetwork_ItIsWaitedForAgainAndNothingIsSaidTwice()
    {
        Assert.True(_memory.GoesAway("a", isSilent: true));
        Assert.True(_memory.IsAway("a") && _memory.IsTroubled("a"));

        _memory.Forgive();

        Assert.False(_memory.IsAway("a") || _memory.IsTroubled("a"));
        Assert.False(_memory.GoesAway("a", isSilent: true)); // it was known, so the log has it
        Assert.NotNull(_memory.Answered("a", TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void PatienceFor_OneOddAnswer_IsNoRule()
    {
        _memory.Answered("a", TimeSpan.FromSeconds(0.1));
        _memory.Answered("a", TimeSpan.FromSeconds(20));

        Assert.InRange(_memory.PatienceFor("a").TotalSeconds, 10, 16);
    }

    [Fact]
    public void GoesAway_UntilItAnswers_IsAwayAndTellsForHowLong()
    {
        Assert.True(_memory.GoesAway("a", isSilent: true));
        Assert.False(_memory.GoesAway("a", isSilent: true));
        Assert.True(_memory.IsAway("a") && _memory.IsTroubled("a"));
        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(TimeSpan.FromMinutes(5), _memory.Answered("a", TimeSpan.Zero));
        Assert.False(_memory.IsAway("a"));
        Assert.Null(_memory.Answered("a", TimeSpan.Zero));
    }

    [Fact]
    public void GoesAway_ItSaysThatItCannot_OtherFilesAreAskedFor()
    {
        Assert.True(_memory.GoesAway("a", isSilent: false));

        Assert.False(_memory.IsAway("a"));
        Assert.NotNull(_memory.Answered("a", TimeSpan.Zero));
    }

    [Fact]
    public void PauseAfter_MoreFailures_IsLongerUpToALimit() =>
        Assert.Equal(
            [2, 4, 8, 16, 32, 60, 60], new[] { 1, 2, 3, 4, 5, 6, 100 }.Select(failures => _memory.PauseAfter(failures).TotalSeconds));
}
