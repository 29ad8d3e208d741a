using System.Net;
using AptP2P.Host.Daemon;
using AptP2P.Host.Proxy.Requests;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Proxy.Requests;

public sealed class ClientAddressTests
{
    /// <summary>A translator delivers to the IPv4 address inside; who comes from such an address is not that IPv4 host.</summary>
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)] // how a socket for both families says it
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("64:ff9b:1::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("::7f00:1", false)]
    [InlineData("192.168.1.5", false)]
    public void Client_AtAnAddress_IsOfThisMachineOnlyWhereItCannotBeAnother(string client, bool isOfThisMachine)
    {
        var address = IPAddress.Parse(client);
        var rules = new ClientRules(Options.Create(new ClientOptions()), Options.Create(new NodeOptions()));

        Assert.Equal(isOfThisMachine ? OriginReach.Local : OriginReach.Public, ClientRules.ReachOf(address));
        Assert.Equal(isOfThisMachine, rules.FindRefusal(address) is null);
    }
}
