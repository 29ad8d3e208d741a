using System.Net;
using AptP2P.Ports.Gateways;
using AptP2P.Ports.NatPmp;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptP2P.Ports.Tests.NatPmp;

public sealed class NatPmpMessageTests
{
    [Fact]
    public void Write_Requests_AreAsOnTheWire()
    {
        var request = new MapRequest(Transport.Tcp, 9977, new IPEndPoint(IPAddress.Any, 9977), TimeSpan.FromHours(1));

        Assert.Equal("0000", Convert.ToHexStringLower(NatPmpMessage.WriteAddressRequest()));
        Assert.Equal("0002000026f926f900000e10", Convert.ToHexStringLower(NatPmpMessage.WriteMapRequest(request)));
        Assert.Equal(
            "0001000026f926f900000e10",
            Convert.ToHexStringLower(NatPmpMessage.WriteMapRequest(request with { Transport = Transport.Udp })));
    }

    [Theory]
    [InlineData("008000000000001101020b02", "1.2.11.2")]
    [InlineData("0080000300000011", null)] // network failure
    [InlineData("008000030000001100000000", null)]
    public void ReadAddress_OfARouter_WhatItSays(string hex, string? address) =>
        Assert.Equal((17u, address), NatPmpMessage.ReadAddress(Convert.FromHexString(hex)) is { } answer
            ? (answer.Epoch, answer.Address?.ToString())
            : default);

    [Theory]
    [InlineData("0080000000000011")] // no address
    [InlineData("008000000000001101020b0200000000")]
    [InlineData("018000000000001101020b02")]
    [InlineData("000000000000001101020b02")]
    [InlineData("00800000")]
    public void ReadAddress_SomethingElse_IsNone(string hex) => Assert.Null(NatPmpMessage.ReadAddress(Convert.FromHexString(hex)));

    [Fact]
    public void ReadMapping_OfARouter_WhatItSays()
    {
        Assert.Equal(new NatPmpMessage(0, 17, null, 9978, 3600), Read("008200000000001126f926fa00000e10"));
        Assert.Equal(2, Read("0082000200000011")?.Result);
        Assert.Equal(2, Read("008200020000001126f9000000000000")?.Result);
    }

    [Theory]
    [InlineData("008100000000001126f926fa00000e10")] // UDP
    [InlineData("008200000000001126f826fa00000e10")] // another port
    [InlineData("008200020000001126f8000000000000")]
    [InlineData("0082000000000011")]
    [InlineData("028200000000001126f926fa00000e10")]
    public void ReadMapping_SomethingElse_IsNone(string hex) => Assert.Null(Read(hex));

    [Fact]
    public void Read_AnyBytes_NeverThrow() =>
        Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), tail =>
        {
            byte[] datagram = [.. new byte[] { 0, 0x82, 0, 0 }.Take(tail.Length % 5), .. tail];
            NatPmpMessage.ReadAddress(datagram);
            return NatPmpMessage.ReadMapping(datagram, Transport.Tcp, 9977) is null || datagram.Length is >= 8 and <= 16;
        }));

    private static NatPmpMessage? Read(string hex) => NatPmpMessage.ReadMapping(Convert.FromHexString(hex), Transport.Tcp, 9977);
}
