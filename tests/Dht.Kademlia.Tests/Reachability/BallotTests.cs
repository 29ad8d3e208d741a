using AptP2P.Dht.Kademlia.Reachability;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Reachability;

/// <summary>What each says: y and n of the port, and - who says nothing of it.</summary>
public sealed class BallotTests
{
    [Theory]
    [InlineData("", false, false, null)]
    [InlineData("", true, true, null)]
    [InlineData("-", true, true, null)]
    [InlineData("y", false, false, null)]
    [InlineData("y", true, false, true)] // nobody else is there, and a connection has come
    [InlineData("n", false, true, null)]
    [InlineData("n", true, false, null)]
    [InlineData("n", true, true, false)] // it was so before
    [InlineData("yy", false, false, true)]
    [InlineData("nn", false, false, false)]
    [InlineData("yn", false, false, null)]
    [InlineData("yn", true, false, true)]
    [InlineData("yny", false, false, true)]
    [InlineData("nyn", false, false, false)]
    [InlineData("-n-n", false, false, false)]
    public void Result_OfWhatOthersSay_IsWhatTwoAgreeOn(string said, bool isAll, bool wasNo, bool? expected)
    {
        var ballot = Cast(said, wasNo);
        if (isAll)
        {
            ballot.Close();
        }

        Assert.Equal(expected, ballot.Verdict);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("y", false)]
    [InlineData("n", false)]
    [InlineData("yn", false)]
    [InlineData("yy", true)]
    [InlineData("nn", true)]
    [InlineData("yny", true)]
    [InlineData("-", true)] // others are not asked for its sake
    [InlineData("y-", true)]
    public void IsEnough_OfWhatOthersSay_OnceTwoAgreeOrOneDoesNotSay(string said, bool expected)
    {
        Assert.Equal(expected, Cast(said, wasNo: false).IsEnough);
        Assert.Equal(expected, Cast(said, wasNo: true).IsEnough); // a no of before makes none of now
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("-", true)]
    [InlineData("n", false)]
    [InlineData("-y", false)]
    public void IsEmpty_OfWhatOthersSay_UntilOneSaysYesOrNo(string said, bool expected) =>
        Assert.Equal(expected, Cast(said, wasNo: false).IsEmpty);

    private static Ballot Cast(string said, bool wasNo)
    {
        var ballot = new Ballot(wasNo);
        foreach (var one in said)
        {
            ballot.Add(one == '-' ? null : one == 'y');
        }

        return ballot;
    }
}
