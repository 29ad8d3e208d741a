using System.Net;
using Xunit;

namespace AptP2P.Abstractions.Tests;

public sealed class AddressTableTests
{
    [Theory]
    [InlineData("0.0.0.0", AddressScope.Nobody)]
    [InlineData("0.255.255.255", AddressScope.Nobody)]
    [InlineData("1.0.0.0", AddressScope.Public)]
    [InlineData("9.255.255.255", AddressScope.Public)]
    [InlineData("10.0.0.0", AddressScope.Private)]
    [InlineData("10.255.255.255", AddressScope.Private)]
    [InlineData("100.63.255.255", AddressScope.Public)]
    [InlineData("100.64.0.0", AddressScope.Private)]
    [InlineData("100.100.100.200", AddressScope.Metadata)]
    [InlineData("100.127.255.255", AddressScope.Private)]
    [InlineData("100.128.0.0", AddressScope.Public)]
    [InlineData("127.0.0.0", AddressScope.Loopback)]
    [InlineData("127.255.255.255", AddressScope.Loopback)]
    [InlineData("168.63.129.15", AddressScope.Public)]
    [InlineData("168.63.129.16", AddressScope.Metadata)]
    [InlineData("169.254.169.254", AddressScope.LinkLocal)]
    [InlineData("172.15.255.255", AddressScope.Public)]
    [InlineData("172.16.0.0", AddressScope.Private)]
    [InlineData("172.31.255.255", AddressScope.Private)]
    [InlineData("172.32.0.0", AddressScope.Public)]
    [InlineData("192.0.0.192", AddressScope.Reserved)]
    [InlineData("192.0.1.0", AddressScope.Public)]
    [InlineData("192.0.2.1", AddressScope.Reserved)]
    [InlineData("192.167.255.255", AddressScope.Public)]
    [InlineData("192.168.0.0", AddressScope.Private)]
    [InlineData("198.19.255.255", AddressScope.Reserved)]
    [InlineData("198.51.100.1", AddressScope.Reserved)]
    [InlineData("203.0.113.255", AddressScope.Reserved)]
    [InlineData("223.255.255.255", AddressScope.Public)]
    [InlineData("224.0.0.0", AddressScope.Nobody)]
    [InlineData("255.255.255.255", AddressScope.Nobody)]
    public void Scope_V4_IsWhatTheRegistriesSay(string address, AddressScope expected) =>
        Assert.Equal(expected, IPAddress.Parse(address).Scope());

    [Theory]
    [InlineData("::", AddressScope.Nobody)]
    [InlineData("::1", AddressScope.Loopback)]
    [InlineData("::2", AddressScope.Translated)]
    [InlineData("::7f00:1", AddressScope.Translated)]
    [InlineData("::ffff:127.0.0.1", AddressScope.Loopback)]
    [InlineData("::ffff:8.8.8.8", AddressScope.Public)]
    [InlineData("64:ff9b::7f00:1", AddressScope.Translated)]
    [InlineData("64:ff9b::808:808", AddressScope.Translated)]
    [InlineData("64:ff9b:1::a9fe:a9fe", AddressScope.Private)]
    [InlineData("64:ff9b:2::1", AddressScope.Public)]
    [InlineData("100::1", AddressScope.Reserved)]
    [InlineData("2001:0:4136:e378::1", AddressScope.Translated)]
    [InlineData("2001:2::1", AddressScope.Reserved)]
    [InlineData("2001:4860:4860::8888", AddressScope.Public)]
    [InlineData("2001:db8::1", AddressScope.Reserved)]
    [InlineData("2002:7f00:1::", AddressScope.Translated)]
    [InlineData("2003::1", AddressScope.Public)]
    [InlineData("2a04:4e42::644", AddressScope.Public)]
    [InlineData("3fff:fff::1", AddressScope.Reserved)]
    [InlineData("3fff:1000::1", AddressScope.Public)]
    [InlineData("5f00::1", AddressScope.Reserved)]
    [InlineData("fbff::1", AddressScope.Public)]
    [InlineData("fc00::1", AddressScope.Private)]
    [InlineData("fd00:ec2::254", AddressScope.Metadata)]
    [InlineData("fd00:ec2::253", AddressScope.Private)]
    [InlineData("fd20:ce::254", AddressScope.Metadata)]
    [InlineData("fe80::1%1", AddressScope.LinkLocal)]
    [InlineData("febf::1", AddressScope.LinkLocal)]
    [InlineData("fec0::1", AddressScope.Private)]
    [InlineData("ff02::1", AddressScope.Nobody)]
    public void Scope_V6_IsWhatTheRegistriesSay(string address, AddressScope expected) =>
        Assert.Equal(expected, IPAddress.Parse(address).Scope());

    [Theory]
    [InlineData("64:ff9b::7f00:1", "127.0.0.1")]
    [InlineData("64:ff9b::a9fe:a9fe", "169.254.169.254")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1")]
    [InlineData("64:ff9b:1::7f00:1", "64:ff9b:1::7f00:1")]
    [InlineData("2002:7f00:1::", "2002:7f00:1::")]
    [InlineData("192.168.1.1", "192.168.1.1")]
    public void Destination_Address_WhereAPacketEndsUp(string address, string expected) =>
        Assert.Equal(IPAddress.Parse(expected), IPAddress.Parse(address).Destination());

    [Theory]
    [InlineData("::ffff:127.0.0.1", "127.0.0.1")]
    [InlineData("64:ff9b::7f00:1", "64:ff9b::7f00:1")] // who comes from there has not come from 127.0.0.1
    [InlineData("::7f00:1", "::7f00:1")]
    [InlineData("2a04:4e42::644", "2a04:4e42::644")]
    public void Plain_Address_OnlyAsASocketWritesIt(string address, string expected) =>
        Assert.Equal(IPAddress.Parse(expected), IPAddress.Parse(address).Plain());
}
