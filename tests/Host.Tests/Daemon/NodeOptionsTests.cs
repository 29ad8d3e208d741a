using System.Net;
using AptP2P.Host.Daemon;
using Xunit;

namespace AptP2P.Host.Tests.Daemon;

public sealed class NodeOptionsTests
{
    [Theory]
    [InlineData("0.0.0.0", "127.0.0.1", 9977, null, true)]
    [InlineData("0.0.0.0", "127.5.0.1", 9977, "127.0.0.1", true)]
    [InlineData("::", "::1", 9977, null, true)]
    [InlineData("0.0.0.0", "192.0.2.1", 9977, "192.0.2.1", true)] // this machine's own address
    [InlineData("0.0.0.0", "192.0.2.1", 9977, "192.0.2.2", false)]
    [InlineData("0.0.0.0", "192.0.2.1", 80, "192.0.2.1", false)]
    [InlineData("0.0.0.0", "127.0.0.1", 80, null, false)]
    [InlineData("192.0.2.1", "192.0.2.1", 9977, null, true)]
    [InlineData("192.0.2.1", "192.0.2.9", 9977, "192.0.2.9", false)] // another daemon of this machine
    [InlineData("192.0.2.1", "127.0.0.1", 9977, "127.0.0.1", false)]
    public void IsAt_AnAddress_TellsWhetherItIsThisNode(string bind, string address, int port, string? from, bool isAt) =>
        Assert.Equal(
            isAt,
            new NodeOptions { Bind = IPAddress.Parse(bind) }.IsAt(
                IPAddress.Parse(address), port, from is null ? null : IPAddress.Parse(from)));
}
