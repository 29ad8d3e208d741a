using System.Net;
using AptP2P.Source.Peers.Configuration;
using AptP2P.Source.Peers.Messages;
using AptP2P.Source.Peers.Serving;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Serving;

public sealed class QuestionRatesTests
{
    private static readonly IPAddress Asker = IPAddress.Parse("192.0.2.1");

    private readonly VirtualTime _time = new();
    private readonly QuestionRates _rates;

    public QuestionRatesTests() =>
        _rates = new QuestionRates(Microsoft.Extensions.Options.Options.Create(new PeersOptions()), Home.Parties, _time);

    [Fact]
    public void Take_AsManyAsCanBeAskedAtOnce_NoMoreThanTheRate()
    {
        var answered = 0;
        for (var i = 0; i < 600; i++) // a minute
        {
            answered += _rates.TryTake(Asker, HaveMessage.MaxHashes) ? HaveMessage.MaxHashes : 0;
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(answered, 70 * 200, (70 * 200) + HaveMessage.MaxHashes); // and ten seconds' worth at once
    }

    [Fact]
    public void Take_AFilePerTwentiethOfASecond_IsAlwaysAnswered()
    {
        for (var i = 0; i < 10_000; i++) // faster than apt unpacks
        {
            Assert.True(_rates.TryTake(Asker, 1));
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }
    }

    [Fact]
    public void Take_EmptyQuestions_CountToo()
    {
        var answered = Enumerable.Range(0, 5_000).Count(_ => _rates.TryTake(Asker, 0));

        Assert.Equal(2_000, answered);
    }

    [Fact]
    public void Take_OtherAddresses_HaveTheirOwn()
    {
        while (_rates.TryTake(IPAddress.Parse("2001:db8::1"), 512))
        {
        }

        Assert.False(_rates.TryTake(IPAddress.Parse("2001:db8::2"), 1)); // of one /64
        Assert.True(_rates.TryTake(IPAddress.Parse("2001:db8:0:1::2"), 1));
        Assert.True(_rates.TryTake(Asker, 1));
    }

    [Fact]
    public void Take_MoreAddressesThanAreRemembered_WhoAskedMostIsNotForgottenFirst()
    {
        while (_rates.TryTake(Asker, 512))
        {
        }

        for (var i = 0; i < 10_000; i++)
        {
            Assert.True(_rates.TryTake(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]), 1));
        }

        Assert.False(_rates.TryTake(Asker, 1));
    }
}
