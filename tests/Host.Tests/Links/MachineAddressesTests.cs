using System.Net;
using AptP2P.Host.Links;
using Xunit;

namespace AptP2P.Host.Tests.Links;

public sealed class MachineAddressesTests
{
    [Theory]
    [InlineData("192.168.7.7", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("fd12::1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("2a02:908:1:2::7", true)]
    [InlineData("2a02:908:1:3::7", false)]
    [InlineData("9.9.9.9", false)]
    [InlineData("::ffff:9.9.9.9", false)]
    public void IsNear_Address_IsLocalOrOnALinkOfThisMachine(string address, bool expected)
    {
        var machine = new MachineAddresses(() => new NetworkReading([], [IPNetwork.Parse("2a02:908:1:2::/64")]));

        Assert.Equal(expected, machine.IsNear(IPAddress.Parse(address)));
    }

    [Fact]
    public void Machine_NobodyAsks_ReadsNothing() // the first time costs a fifth of a second of the start
    {
        var machine = new MachineAddresses(() => throw new InvalidOperationException("read"));

        Assert.Equal(0, machine.Changes);
        Assert.True(machine.IsNear(IPAddress.Loopback));
    }

    [Fact]
    public void OfSystem_Always_HasLoopback() => Assert.Contains(IPAddress.Loopback, NetworkReading.OfSystem().Addresses);
}
