using AptP2P.Dht.Kademlia.Reachability;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Reachability;

public sealed class BallotTests
{
    [Theory]
    [InlineData("", false, false, null)]
    [InlineData("", true, true, null)]
    [InlineData("y", false, false, null)]
    [InlineData("y", true, false, true)] // nobody else is there, and a connection has come
    [InlineData("n", true, false, null)]
    [InlineData("n", true, true, false)] // it was so before
    [InlineData("yy", false, false, true)]
    [InlineData("nn", false, false, false)]
    [InlineData("yn", false, false, null)]
    [InlineData("yn", true, false, true)]
    [InlineData("yny", false, false, true)]
    [InlineData("nyn", false, false, false)]
    public void Result_OfWhatOthersSay_IsWhatTwoAgreeOn(string said, bool isAll, bool wasNo, bool? expected)
    {
        var ballot = new Ballot();
        foreach (var one in said)
        {
            ballot.Add(one == 'y');
        }

        Assert.Equal(expected, ballot.Result(isAll, wasNo));
    }
}
