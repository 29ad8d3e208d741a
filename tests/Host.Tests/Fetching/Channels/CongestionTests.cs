using AptP2P.Host.Fetching.Channels;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Fetching.Channels;

/// <summary>From how many peers to read at a time, and how long to wait for one that is known, by how promptly they answer.</summary>
public sealed class CongestionTests
{
    private static readonly TimeSpan Prompt = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(600);

    private readonly VirtualTime _time = new();
    private readonly ChannelOptions _options = new();
    private readonly Congestion _congestion;

    public CongestionTests() => _congestion = new Congestion(_options, _time);

    [Fact]
    public void Window_AllPrompt_OneMoreWithEachUpToTheChannels()
    {
        Wait(Prompt, times: 4);
        Assert.Equal(_options.PeersAtOnce + 4, _congestion.Window);

        Wait(Prompt, times: 100);
        Assert.Equal(_options.Channels, _congestion.Window);
    }

    [Fact]
    public void Window_ManyLateThatWereAskedTogether_HalvedOnce()
    {
        Wait(Late, times: _options.PeersAtOnce);

        Assert.Equal(_options.PeersAtOnce / 2, _congestion.Window);
    }

    [Fact]
    public void Window_LateAgainAndAgain_NeverLessThanItsLeast()
    {
        for (var i = 0; i < 10; i++)
        {
            Wait(Late, times: 1);
            _time.Advance(Late);
        }

        Assert.Equal(_options.PeersAtLeast, _congestion.Window);
    }

    [Fact]
    public void Window_PromptAgainAfterOneWasLate_OneMoreOnceAllHaveBeen()
    {
        Wait(Late, times: 1);
        var window = _congestion.Window;

        Wait(Prompt, times: window - 1);
        Assert.Equal(window, _congestion.Window);

        Wait(Prompt, times: 2);
        Assert.Equal(window + 1, _congestion.Window);
    }

    [Fact]
    public void Patience_PeersArePrompt_IsTheUsualSilence()
    {
        Wait(Prompt, times: 3);

        Assert.Equal(_options.Silence, _congestion.Patience);
    }

    [Fact]
    public void Patience_PeersAreLate_IsSeveralTimesWhatTheyTakeAndHasAnEnd()
    {
        Wait(Late, times: 1);
        Assert.Equal(_options.LateFactor * Late, _congestion.Patience);

        Wait(TimeSpan.FromMinutes(1), times: 1);
        Assert.Equal(_options.CrowdPatience, _congestion.Patience);
    }

    private void Wait(TimeSpan wait, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _congestion.Waited(wait);
        }
    }
}
