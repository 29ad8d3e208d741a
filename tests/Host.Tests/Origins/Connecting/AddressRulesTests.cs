using System.Net;
using AptP2P.Host.Origins.Connecting;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Host.Tests.Origins.Connecting;

public sealed class AddressRulesTests
{
    private static readonly ListedAddresses Machine = new("127.0.0.1", "151.101.2.1", "2a04:4e42::1");

    [Theory]
    [InlineData("151.101.2.132", true, true)]
    [InlineData("2a04:4e42::644", true, true)]
    [InlineData("127.0.0.1", false, true)]
    [InlineData("::1", false, true)]
    [InlineData("::ffff:127.0.0.1", false, true)]
    [InlineData("10.1.2.3", false, true)]
    [InlineData("172.31.0.1", false, true)]
    [InlineData("172.32.0.1", true, true)]
    [InlineData("192.168.1.1", false, true)]
    [InlineData("100.64.0.1", false, true)]
    [InlineData("fd00::1", false, true)]
    [InlineData("0.0.0.0", false, true)]
    [InlineData("::", false, true)]
    [InlineData("224.0.0.1", false, true)]
    [InlineData("255.255.255.255", false, true)]
    [InlineData("169.254.169.254", false, false)]
    [InlineData("::ffff:169.254.169.254", false, false)]
    [InlineData("64:ff9b::a9fe:a9fe", false, false)]
    [InlineData("64:ff9b::a01:203", false, true)]
    [InlineData("fe80::1", false, false)]
    [InlineData("64:ff9b::9765:284", true, true)]
    [InlineData("64:ff9b:1::7f00:1", false, true)]
    [InlineData("2002:7f00:1::1", false, false)]
    [InlineData("2001:0:4136:e378:8000:63bf:80ff:fffe", false, false)]
    [InlineData("::7f00:1", false, false)]
    [InlineData("168.63.129.16", false, false)]
    [InlineData("100.100.100.200", false, false)]
    [InlineData("fd00:ec2::254", false, false)]
    [InlineData("64:ff9b::a83f:8110", false, false)] // 168.63.129.16
    [InlineData("151.101.2.1", false, true)] // this machine's own
    [InlineData("::ffff:151.101.2.1", false, true)]
    [InlineData("64:ff9b::9765:201", false, true)]
    [InlineData("2a04:4e42::1", false, true)]
    public void IsAllowed_NothingListed_OnlyWhatTheClientCouldReachItself(string address, bool fromElsewhere, bool fromHere)
    {
        Assert.Equal(fromElsewhere, AddressRules.IsAllowed(IPAddress.Parse(address), OriginReach.Public, [], Machine));
        Assert.Equal(fromHere, AddressRules.IsAllowed(IPAddress.Parse(address), OriginReach.Local, [], Machine));
    }

    [Fact]
    public void IsAllowed_Listed_ThatNetworkAndNoOther()
    {
        IPNetwork[] listed = [IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("169.254.7.0/24")];

        Assert.True(AddressRules.IsAllowed(IPAddress.Parse("10.1.2.3"), OriginReach.Public, listed, Machine));
        Assert.True(AddressRules.IsAllowed(IPAddress.Parse("::ffff:10.1.2.3"), OriginReach.Public, listed, Machine));
        Assert.False(AddressRules.IsAllowed(IPAddress.Parse("10.2.2.3"), OriginReach.Public, listed, Machine));
        Assert.True(AddressRules.IsAllowed(IPAddress.Parse("169.254.7.1"), OriginReach.Local, listed, Machine));
    }
}
