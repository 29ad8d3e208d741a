using System.Net;
using AptP2P.Ports.Gateways;
using AptP2P.Ports.Pcp;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptP2P.Ports.Tests.Pcp;

public sealed class PcpMessageTests
{
    private const string Header = "028100000000384000000011000000000000000000000000";
    private const string Nonce = "0102030405060708090a0b0c";
    private const string Mapping = "0600000026f926fa00000000000000000000ffff01020b02";

    private static readonly byte[] NonceBytes = Convert.FromHexString(Nonce);

    [Fact]
    public void WriteMap_IPv4_IsAsOnTheWire()
    {
        var request = new MapRequest(
            Transport.Tcp, 9977, new IPEndPoint(IPAddress.Any, 9977), TimeSpan.FromHours(1));

        Assert.Equal(
            "0201000000000e1000000000000000000000ffffc0a80b65" + Nonce + "0600000026f926f900000000000000000000ffff00000000",
            Convert.ToHexStringLower(PcpRequest.WriteMap(IPAddress.Parse("192.168.11.101"), NonceBytes, request)));
    }

    [Fact]
    public void WriteAnnounce_IPv6_IsAsOnTheWire() =>
        Assert.Equal(
            "02000000000000002a0b0001000000000000000000000005",
            Convert.ToHexStringLower(PcpRequest.WriteAnnounce(IPAddress.Parse("2a0b:1::5"))));

    [Fact]
    public void ReadMapping_ARoutersAnswer_WhatItSays() =>
        Assert.Equal(
            new PcpAnswer(0, 14400, 17, IPEndPoint.Parse("1.2.11.2:9978")),
            Read(Header + Nonce + Mapping));

    [Theory]
    [InlineData("01")] // version
    [InlineData("00")] // NAT-PMP's
    public void ReadMapping_AnotherVersion_IsNone(string version) => Assert.Null(Read(version + Header[2..] + Nonce + Mapping));

    [Fact]
    public void ReadMapping_AnotherNonceOrPortOrOpcode_IsNone()
    {
        Assert.Null(Read(Header + "ff" + Nonce[2..] + Mapping));
        Assert.Null(Read(Header + Nonce + "11" + Mapping[2..]));
        Assert.Null(Read(Header + Nonce + "0600000026f8" + Mapping[12..]));
        Assert.Null(Read("0280" + Header[4..] + Nonce + Mapping));
        Assert.Null(Read("0201" + Header[4..] + Nonce + Mapping)); // a request
        Assert.Null(Read(Header)); // cut
        Assert.Null(Read(Header + Nonce + Mapping + "00")); // not of four bytes each
    }

    [Fact]
    public void ReadAnnouncement_AsMiniupnpdTellsAll_ItsClock() =>
        Assert.Equal(
            0u, PcpAnswer.ReadAnnouncement(Convert.FromHexString("028000000000000000000000000000000000000000000000"))?.Epoch);

    [Fact]
    public void Read_AnyBytes_NeverThrow() =>
        Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), tail =>
        {
            byte[] datagram = [.. Convert.FromHexString(Header + Nonce).Take(tail.Length % 40), .. tail];
            PcpAnswer.ReadAnnouncement(datagram);
            return PcpAnswer.ReadMapping(datagram, NonceBytes, Transport.Tcp, 9977) is null || datagram.Length >= PcpRequest.MapLength;
        }));

    [Fact]
    public void Read_AnAnswerToAnyRequest_IsWhatWasAskedFor() =>
        Check.QuickThrowOnFailure(Prop.ForAll(
            Gen.Choose(1, 65535).ToArbitrary(), Gen.Choose(1, 65535).ToArbitrary(), (port, external) =>
            {
                var wish = new IPEndPoint(IPAddress.Parse("1.2.11.2"), external);
                var datagram = PcpRequest.WriteMap(
                    IPAddress.Parse("10.0.0.1"), NonceBytes, new MapRequest(Transport.Udp, port, wish, TimeSpan.FromSeconds(100)));
                datagram[1] |= PcpRequest.Answer;
                datagram[3] = 0;
                return PcpAnswer.ReadMapping(datagram, NonceBytes, Transport.Udp, port) is { Lifetime: 100 } answer
                    && answer.External.Equals(wish);
            }));

    private static PcpAnswer? Read(string hex) => PcpAnswer.ReadMapping(Convert.FromHexString(hex), NonceBytes, Transport.Tcp, 9977);
}
