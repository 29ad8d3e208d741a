using AptP2P.Host.Origins.Mirrors;
using AptP2P.Host.Proxy.Accounting;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Proxy.Accounting;

public sealed class OutageProblemTests
{
    private readonly VirtualTime _time = new();
    private readonly Outages _outages;

    public OutageProblemTests()
    {
        _time.Advance(TimeSpan.FromHours(14) + TimeSpan.FromMinutes(2));
        _outages = new Outages(_time);
    }

    [Fact]
    public void Of_Copies_IsAWarningThatSaysSinceWhen()
    {
        for (var i = 0; i < 3; i++)
        {
            _outages.CopyGiven("ftp.us.debian.org");
        }

        Assert.Equal(
            ("ftp.us.debian.org has not answered since 14:02; 3 files were served from copies", ProblemSeverity.Warning), Problem());
    }

    [Fact]
    public void Of_SinceYesterday_SaysTheDay()
    {
        for (var i = 0; i < 70; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(9));
            _outages.CopyGiven("a");
        }

        Assert.StartsWith("a has not answered since 1 January 14:11; 70 files", Problem().Label, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_SomeMirrors_IsOneProblemThatBeginsWithErrors()
    {
        foreach (var origin in (string[])["a", "b", "c", "d", "e\u202e"])
        {
            _outages.CopyGiven(origin);
        }

        _outages.ErrorGiven("e\u202e");

        Assert.Equal(
            ("e\ufffd has not answered since 14:02; 1 file was served from a copy; apt got 1 error. a has not answered since 14:02; 1 file "
                + "was served from a copy. b has not answered since 14:02; 1 file was served from a copy. 2 more mirrors do not answer "
                + "either", ProblemSeverity.Error),
            Problem());
    }

    [Fact]
    public void Of_NoOutage_IsNone() => Assert.Empty(OutageProblem.Of(_outages.Current, _time));

    private (string Label, ProblemSeverity Severity) Problem()
    {
        var problem = Assert.Single(OutageProblem.Of(_outages.Current, _time));
        return (problem.Label, problem.Severity);
    }
}
