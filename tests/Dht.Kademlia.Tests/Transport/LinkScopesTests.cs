using System.Net;
using System.Net.Sockets;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Transport;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Transport;

/// <summary>A neighbour with a link-local address is answered on the link that it is on.</summary>
public sealed class LinkScopesTests
{
    private readonly LinkScopes _scopes = new();

    [Theory]
    [InlineData("fe80::1%3", "fe80::1", "fe80::1%3")]
    [InlineData("fe80::1%3", "fe80::2", "fe80::2%3")] // the only link that is known
    [InlineData("2001:db8::1", "2001:db8::1", "2001:db8::1")]
    [InlineData("fe80::1%3", "2001:db8::1", "2001:db8::1")]
    [InlineData("fe80::1%3", "192.0.2.1", "192.0.2.1")]
    [InlineData("fe80::1", "fe80::1", "fe80::1")] // nobody said which link
    public void Read_ADatagramFrom_WhereItGoesTo(string from, string to, string expected)
    {
        var source = new IPEndPoint(IPAddress.Parse(from), 9977).Serialize();

        var endpoint = UdpPort.Read(source, _scopes);

        Assert.Equal(9977, endpoint.Port);
        Assert.Equal(new IPEndPoint(IPAddress.Parse(expected), 9977), _scopes.ToIPEndPoint(UdpEndpoint.From(IPAddress.Parse(to), 9977)));
    }

    [Fact]
    public void WriteTo_TwoLinks_EachAddressOnItsOwn()
    {
        _scopes.Learn(new IPEndPoint(IPAddress.Parse("fe80::1%3"), 1));
        _scopes.Learn(new IPEndPoint(IPAddress.Parse("fe80::2%4"), 1));
        var address = new SocketAddress(AddressFamily.InterNetworkV6);

        foreach (var neighbour in new[] { "fe80::1%3", "fe80::2%4", "2001:db8::1" }) // the last: no scope is left over
        {
            var expected = new IPEndPoint(IPAddress.Parse(neighbour), 9977);
            UdpPort.WriteTo(address, UdpEndpoint.From(expected), _scopes);

            Assert.Equal(expected, expected.Create(address));
        }
    }

    [Fact]
    public void Learn_ManyStrangers_MemoryIsBounded()
    {
        for (var i = 0; i < 100_000; i++)
        {
            _scopes.Learn(UdpEndpoint.FromV6(0xfe80_0000_0000_0000, (ulong)i, 1), 3);
        }

        Assert.InRange(_scopes.Count, 1, 256);
    }
}
