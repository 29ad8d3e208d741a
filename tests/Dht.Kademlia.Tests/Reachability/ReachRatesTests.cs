using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Reachability;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Reachability;

/// <summary>How often strangers have this node connect.</summary>
public sealed class ReachRatesTests
{
    private readonly VirtualTime _time = new();
    private readonly ReachRates _rates;

    public ReachRatesTests() => _rates = new ReachRates(new KademliaOptions { MaxReachAnswers = 5, MaxReachAnswersPerAddress = 2 }, _time);

    [Fact]
    public void TryEnter_TwoAtATimeForOneHost_TheSecondIsRefused()
    {
        Assert.True(_rates.TryEnter(Subject.At("1.2.3.4:5000")));
        Assert.False(_rates.TryEnter(Subject.At("1.2.3.4:5001")));
        Assert.True(_rates.TryEnter(Subject.At("[2002:5::1]:5000")));
        Assert.False(_rates.TryEnter(Subject.At("[2002:5::2]:5000"))); // the same /64

        _rates.Leave(Subject.At("1.2.3.4:5001"));
        Assert.True(_rates.TryEnter(Subject.At("1.2.3.4:5000")));
    }

    [Fact]
    public void TryEnter_AMinute_HasSoManyForAHostAndInAll()
    {
        Assert.Equal(2, Enter("1.2.3.4:5000", 9));
        Assert.Equal(2, Enter("1.2.3.5:5000", 9));
        Assert.Equal(1, Enter("1.2.3.6:5000", 9));
        Assert.Equal(0, Enter("1.2.3.7:5000", 9));

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, Enter("1.2.3.4:5000", 9));
    }

    private int Enter(string from, int times)
    {
        var entered = 0;
        for (var i = 0; i < times; i++)
        {
            if (_rates.TryEnter(Subject.At(from)))
            {
                entered++;
                _rates.Leave(Subject.At(from));
            }
        }

        return entered;
    }
}
