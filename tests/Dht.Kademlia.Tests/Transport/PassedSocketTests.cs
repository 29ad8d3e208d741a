using System.Net;
using System.Net.Sockets;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Node;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Dht.Kademlia.Transport;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Transport;

/// <summary>A UDP socket that somebody else has bound, for IPv4 and IPv6 together, as systemd does for ListenDatagram=9977.</summary>
public sealed class PassedSocketTests
{
    [Fact]
    public async Task Use_OneSocketForBothFamilies_AnswersBothByTheirOwnAddress()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "there is no IPv6");
        using var socket = BindBothFamilies();
        await using var transport = UdpTransport.Use([new SafeSocketHandle(socket.Handle, ownsHandle: false)]);
        var (v4, v6) = (transport.V4!.Value, transport.V6!.Value);
        Assert.Equal(($"0.0.0.0:{v6.Port}", $"[::]:{v4.Port}"), (v4.ToString(), v6.ToString()));
        using var node = new KademliaNode(
            new KademliaOptions(), new NodeSetup(Family(v4), Family(v6)), transport, new VirtualTime(), new Random(1));
        transport.Start(node);

        foreach (var address in new[] { "127.0.0.1", "::1" })
        {
            using var client = new UdpClient(new IPEndPoint(IPAddress.Parse(address), 0));
            var own = UdpEndpoint.From((IPEndPoint)client.Client.LocalEndPoint!);
            await client.SendAsync(
                PlainBencode.Encode(Subject.Query("ping", ("id", Subject.IdOf(own)))), new IPEndPoint(IPAddress.Parse(address), v4.Port),
                TestContext.Current.CancellationToken);

            UdpReceiveResult answer;
            do
            {
                answer = await client.ReceiveAsync(TestContext.Current.CancellationToken);
            }
            while (answer.Buffer.AsSpan().IndexOf("1:y1:r"u8) < 0); // the node asks who that is as well

            Assert.Equal(address, answer.RemoteEndPoint.Address.ToString());
        }
    }

    /// <summary>Without IPv6 on the machine: one for IPv4.</summary>
    internal static Socket BindBothFamilies()
    {
        var family = Socket.OSSupportsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        var socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
        if (family == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = true;
        }

        socket.Bind(new IPEndPoint(family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0));
        return socket;
    }

    private static FamilySetup Family(UdpEndpoint at) => new(at, NodeId.HashOf("own"u8), at.Port);
}
