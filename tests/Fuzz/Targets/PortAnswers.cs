using System.Net;
using AptP2P.Ports.Gateways;
using AptP2P.Ports.NatPmp;
using AptP2P.Ports.Pcp;
using Xunit;

namespace AptP2P.Fuzz.Targets;

/// <summary>Datagrams of a router by PCP (RFC 6887) and NAT-PMP (RFC 6886): what is taken for an answer fits the question.</summary>
internal static class PortAnswers
{
    private const int Port = 9977;

    private static readonly byte[] Nonce = [.. "a nonce of 12"u8[..12]];

    public static void Check(ReadOnlySpan<byte> input)
    {
        var allowance = Allowance.Begin();
        var pcp = PcpAnswer.ReadMapping(input, Nonce, Transport.Tcp, Port);
        var clock = PcpAnswer.ReadAnnouncement(input);
        var mapping = NatPmpMessage.ReadMapping(input, Transport.Udp, Port);
        var address = NatPmpMessage.ReadAddress(input);
        allowance.End(input.Length, each: 0, fixedCost: 1024);

        Assert.True(new object?[] { pcp, clock, mapping, address }.Count(read => read is not null) < 2, "it is taken for two things");
        if (pcp is not null)
        {
            Assert.True(input[24..36].SequenceEqual(Nonce), "another nonce");
            var again = PcpRequest.WriteMap(
                IPAddress.Any, Nonce, new MapRequest(Transport.Tcp, Port, pcp.External, TimeSpan.FromSeconds(pcp.Lifetime)));
            (again[1], again[3]) = ((byte)(again[1] | PcpRequest.Answer), pcp.Result);
            Assert.Equal(pcp with { Epoch = 0 }, PcpAnswer.ReadMapping(Clock(again), Nonce, Transport.Tcp, Port));
        }

        Assert.True(mapping is null || mapping.Result != 0 || input.Length == 16);
        Assert.True(address is null || address.Result != 0 || address.Address is not null);
    }

    /// <summary>The epoch lies where a request has its sender.</summary>
    private static byte[] Clock(byte[] datagram)
    {
        datagram.AsSpan(8, 16).Clear();
        return datagram;
    }
}
