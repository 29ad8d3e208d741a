using System.Net;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Addressing;

public sealed class BoundNodeIdTests
{
    /// <summary>The vectors of BEP 42; 21 bits count.</summary>
    [Theory]
    [InlineData("124.31.75.21", 1, "5fbfbf")]
    [InlineData("21.75.31.124", 86, "5a3ce9")]
    [InlineData("65.23.51.170", 22, "a5d432")]
    [InlineData("84.124.73.14", 65, "1b0321")]
    [InlineData("43.213.53.83", 90, "e56f6c")]
    public void Create_VectorsOfBep42_Match(string address, int seed, string prefix)
    {
        var id = BoundNodeId.Create(UdpEndpoint.From(IPAddress.Parse(address), 1), (byte)seed, new Random(1)).ToArray();

        var expected = Convert.FromHexString(prefix);
        Assert.Equal(expected[..2], id[..2]);
        Assert.Equal(expected[2] & 0xf8, id[2] & 0xf8);
        Assert.Equal(seed, id[^1]);
    }

    [Theory]
    [InlineData("203.0.113.7")]
    [InlineData("2001:db8:85a3:8d3:1319:8a2e:370:7348")]
    public void Complies_OwnAddress_IsTrueAndAnotherFalse(string address)
    {
        var own = UdpEndpoint.From(IPAddress.Parse(address), 1);
        var random = new Random(2);
        for (var i = 0; i < 100; i++)
        {
            Assert.True(BoundNodeId.Complies(BoundNodeId.Create(own, random), own));
            Assert.False(BoundNodeId.Complies(NodeId.Create(random), own)); // a chance of one in two million, with this seed none
        }
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.0.1")]
    [InlineData("192.168.0.1")]
    [InlineData("169.254.1.1")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    public void Complies_LocalAddress_IsExempt(string address) =>
        Assert.True(BoundNodeId.Complies(NodeId.Create(new Random(3)), UdpEndpoint.From(IPAddress.Parse(address), 1)));

    [Fact]
    public void SeenAs_EnoughAgreeOnAPublicAddress_TakesAnIdThatBelongsToIt()
    {
        var subject = new Subject(v4: Subject.At("0.0.0.0:9977"));
        var external = Subject.At("203.0.113.77:9977");
        var before = subject.V4.Id;
        for (var i = 1; i < subject.Options.MinAddressVotes; i++)
        {
            Vote(subject, i, external);
        }

        Assert.Equal(before, subject.V4.Id);
        Vote(subject, subject.Options.MinAddressVotes, external);

        Assert.NotEqual(before, subject.V4.Id);
        Assert.True(BoundNodeId.Complies(subject.V4.Id, external));
        Assert.Equal(external, subject.V4.External);
        Assert.Equal(subject.Options.MinAddressVotes, subject.V4.Table.Count);
    }

    [Fact]
    public void SeenAs_OneSubnetSaysItOften_IsOneVote()
    {
        var subject = new Subject(v4: Subject.At("0.0.0.0:9977"));
        var before = subject.V4.Id;
        for (var i = 1; i < 100; i++)
        {
            Vote(subject, UdpEndpoint.FromV4(0xc6336400 + (uint)i, 6881), Subject.At("203.0.113.77:9977"));
        }

        Assert.Equal(before, subject.V4.Id);
    }

    [Fact]
    public void SeenAs_AddressChanges_IdFollows()
    {
        var subject = new Subject(v4: Subject.At("0.0.0.0:9977"));
        var (first, second) = (Subject.At("203.0.113.77:9977"), Subject.At("198.51.100.3:9977"));
        for (var i = 1; i <= 40; i++)
        {
            Vote(subject, i, i <= 10 ? first : second);
        }

        Assert.True(BoundNodeId.Complies(subject.V4.Id, second));
    }

    [Fact]
    public void SeenAs_FewNodesKnown_TheirMajorityIsEnoughOnceTheLookupHasEnded()
    {
        var subject = new Subject(v4: Subject.At("0.0.0.0:9977"));
        subject.Node.Start([]);
        var (lie, truth) = (Subject.At("203.0.113.77:9977"), Subject.At("198.51.100.3:9977"));

        Vote(subject, 1, lie);
        subject.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.True(BoundNodeId.Complies(subject.V4.Id, lie)); // nobody else is known
        Vote(subject, 2, truth);
        subject.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.True(BoundNodeId.Complies(subject.V4.Id, lie)); // they are as many
        Vote(subject, 3, truth);
        subject.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.True(BoundNodeId.Complies(subject.V4.Id, truth));
    }

    [Fact]
    public void SeenAs_AnotherPortByEach_IsOneAddress()
    {
        var subject = new Subject(v4: Subject.At("0.0.0.0:9977"));
        for (var i = 1; i <= subject.Options.MinAddressVotes; i++)
        {
            Vote(subject, i, Subject.At("203.0.113.77:9977").WithPort((ushort)(2000 + i)));
        }

        Assert.True(BoundNodeId.Complies(subject.V4.Id, Subject.At("203.0.113.77:1")));
    }

    private static void Vote(Subject subject, int voter, UdpEndpoint seen) =>
        Vote(subject, UdpEndpoint.FromV4(0x20000001 + ((uint)voter << 8), 6881), seen);

    private static void Vote(Subject subject, UdpEndpoint voter, UdpEndpoint seen)
    {
        var id = new NodeId(Subject.IdOf(voter));
        subject.TakeSent();
        subject.Node.Receive(PlainBencode.Encode(Subject.Query("ping", ("id", id.ToArray()))), voter);
        Span<byte> compact = stackalloc byte[UdpEndpoint.CompactSize];
        seen.WriteCompact(compact);
        foreach (var (_, datagram) in subject.TakeSent())
        {
            var query = PlainBencode.DecodeDictionary(datagram);
            if ((string)query["y"] == "q" && (string)query["q"] == "ping")
            {
                subject.Node.Receive(
                    PlainBencode.Encode(PlainBencode.Dictionary(
                        ("ip", compact.ToArray()), ("n", Subject.Network), ("r", PlainBencode.Dictionary(("id", id.ToArray()))),
                        ("t", query["t"]), ("y", "r"))),
                    voter);
            }
        }
    }
}
