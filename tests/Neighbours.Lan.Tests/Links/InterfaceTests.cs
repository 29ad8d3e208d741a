using System.Net;
using AptP2P.Neighbours.Lan.Links;
using Xunit;

namespace AptP2P.Neighbours.Lan.Tests.Links;

public sealed class InterfaceTests
{
    [Fact]
    public void OfThisMachine_Whatever_HasLoopbackWithItsNetwork()
    {
        var found = Interface.OfThisMachine().ToArray(); // those without addresses too

        var loopback = Assert.Single(found, each => each.IsLoopback);
        Assert.True(loopback is { IsUp: true, Index: > 0 });
        Assert.Contains((IPAddress.Loopback, 8), loopback.Addresses);
        Assert.Equal(found.Length, found.DistinctBy(each => each.Index).Count());
    }
}
