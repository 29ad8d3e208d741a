using AptP2P.Host.Origins.Mirrors;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Origins.Mirrors;

public sealed class MirrorClockTests
{
    private readonly VirtualTime _time = new();
    private readonly MirrorClock _clock;

    public MirrorClockTests() => _clock = new MirrorClock(_time);

    [Theory]
    [InlineData(40)]
    [InlineData(-40)]
    public void Off_AllMirrorsSayAnotherTime_HowFarAndWhichIsNearest(int minutes)
    {
        Assert.Null(_clock.Off);

        Says("a.example", minutes);
        Says("b.example", minutes * 2);

        Assert.Equal((TimeSpan.FromMinutes(minutes), "a.example"), _clock.Off);
    }

    [Fact]
    public void Off_OneMirrorSaysTheSame_No()
    {
        Says("a.example", 40);
        Says("b.example", 4);

        Assert.Null(_clock.Off);
    }

    [Fact]
    public void Off_TheClockIsSetRight_NoLonger()
    {
        Says("a.example", 40);
        _time.Sleep(TimeSpan.FromMinutes(40)); // the day goes on, and nothing else does

        Assert.Null(_clock.Off);
    }

    [Fact]
    public void Off_SaidLongAgo_No()
    {
        Says("a.example", 40);
        _time.Advance(TimeSpan.FromDays(2));

        Assert.Null(_clock.Off);
    }

    [Theory]
    [InlineData("Age", "7200")]
    [InlineData("Via", "1.1 cache")]
    public void Heard_FromACache_DoesNotCount(string header, string value)
    {
        Says("a.example", -120, (header, value));

        Assert.Null(_clock.Off);
    }

    private void Says(string authority, int minutesAhead, (string Name, string Value)? header = null)
    {
        using var answer = new HttpResponseMessage();
        answer.Headers.Date = _time.GetUtcNow().AddMinutes(minutesAhead);
        if (header is var (name, value))
        {
            answer.Headers.Add(name, value);
        }

        _clock.Heard(authority, answer);
    }
}
