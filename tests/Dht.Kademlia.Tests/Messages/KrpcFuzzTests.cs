using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Tests.Simulation;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Messages;

/// <summary>What strangers may send: whatever it is, the node neither fails nor answers at length.</summary>
public sealed class KrpcFuzzTests
{
    private const int Rounds = 40_000;

    private static readonly byte[][] Seeds =
    [
        .. new[]
        {
            "d1:ad2:id20:abcdefghij01234567899:info_hash20:"
                + "mnopqrstuvwxyz1234564:porti6881e5:token8:aoeusnthe1:nNET1:q13:announce_peer1:t2:aa1:y1:qe",
            "d1:ad2:id20:abcdefghij01234567896:target20:"
                + "mnopqrstuvwxyz1234564:wantl2:n42:n6ee1:nNET1:q9:find_node2:roi1e1:t2:aa1:v4:AP001:y1:qe",
            "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz123456e1:nNET1:q9:get_peers1:t2:aa1:y1:qe",
            "d1:ad2:id20:abcdefghij01234567892:ksl20:"
                + "mnopqrstuvwxyz123456d1:li5ee20:mnopqrstuvwxyz123457ee1:nNET1:q13:announce_peer1:t2:aa1:y1:qe",
            "d1:ad2:id20:abcdefghij01234567895:token4:abcd1:v12:Hello World!e1:nNET1:q3:put1:t1:a1:y1:qe",
            "d2:ip6:abcdef1:nNET1:rd2:id20:0123456789abcdefghij5:nodes26:"
                + "0123456789abcdefghijabcdxy2:pvld1:li9ee0:e5:token8:abcdefgh6:valuesl6:axje.u6:idhtnmee1:t4:aaaa1:y1:re",
            "d1:eli201e23:A Generic Error Ocurrede1:nNET1:t4:aaaa1:y1:ee",
        }.Select(static seed => PlainBencode.Bytes(seed.Replace("NET", "8:" + Subject.Network, StringComparison.Ordinal))),
    ];

    [Fact]
    public void Receive_MutatedMessages_NothingThrowsAndAnswersAreSmall()
    {
        var random = new Random(4711);
        var subject = new Subject();
        var answers = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var message = Mutate(Seeds[random.Next(Seeds.Length)], random);
            var sent = subject.Exchange(message, SimulatedNetworks.Address(random.Next(1000)));
            answers += sent.Count;
            Assert.All(sent, static datagram => Assert.InRange(datagram.Length, 1, new KademliaOptions().MaxItemDatagram));
            if (i % 1000 == 0)
            {
                subject.Time.Advance(TimeSpan.FromSeconds(1));
            }
        }

        Assert.InRange(answers, 100, 2 * Rounds); // many mutations leave a query intact: the loop did reach the answering code
    }

    [Fact]
    public void Receive_RandomBytes_NothingIsAnswered()
    {
        var random = new Random(4712);
        var subject = new Subject();
        for (var i = 0; i < Rounds; i++)
        {
            var bytes = new byte[random.Next(1500)];
            random.NextBytes(bytes);
            if (bytes.Length > 0 && i % 2 == 0)
            {
                bytes[0] = (byte)'d';
            }

            Assert.Empty(subject.Exchange(bytes, SimulatedNetworks.Address(i % 100)));
        }

        Assert.Equal(Rounds, subject.Node.Traffic.Malformed);
    }

    [Fact]
    public void TryParse_EveryPrefixOfAMessage_IsRefused() => Assert.All(Seeds, static seed =>
    {
        Assert.True(KrpcMessage.TryParse(seed, out _));
        for (var length = 0; length < seed.Length; length++)
        {
            Assert.False(KrpcMessage.TryParse(seed.AsSpan(0, length), out _));
        }
    });

    private static byte[] Mutate(byte[] seed, Random random)
    {
        var bytes = seed.ToList();
        for (var n = random.Next(1, 4); n > 0 && bytes.Count > 0; n--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, (byte)"0123456789:ilde-"[random.Next(16)]);
                    break;
                case 3:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(30), bytes.Count - at)));
                    break;
                default:
                    break; // now and then as it is
            }
        }

        return [.. bytes];
    }
}
