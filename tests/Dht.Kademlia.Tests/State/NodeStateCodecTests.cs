using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.State;
using AptP2P.Dht.Kademlia.Tests.Simulation;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.State;

public sealed class NodeStateCodecTests
{
    [Fact]
    public void Decode_EncodedState_IsTheSame()
    {
        var random = new Random(1);
        var contents = new[] { SimulatedNetworks.Content(1), SimulatedNetworks.Content(2, pieces: 7) };
        var state = new NodeState
        {
            IdV4 = NodeId.Create(random),
            IdV6 = NodeId.Create(random),
            IsOpenV6 = true,
            PortV4 = 4711,
            PortV6 = 9977,
            Nodes = [SimulatedNetworks.Address(1), Subject.At("[2001:db8::1]:5")],
            NodeIds = [NodeId.Create(random), NodeId.Create(random)],
            Saved = DateTimeOffset.UnixEpoch.AddDays(4),
            Announced =
            [
                .. contents.Select(static (content, index) => new SavedAnnouncement(content.Key(), content)
                {
                    DueV4 = DateTimeOffset.UnixEpoch.AddDays(5 + index),
                    DueV6 = DateTimeOffset.UnixEpoch.AddDays(7 + index),
                    ItemDue = DateTimeOffset.UnixEpoch.AddDays(9 + index),
                }),
            ],
            Contacts =
            [
                new SavedContact(
                    NodeId.Create(random), SimulatedNetworks.Address(9), DateTimeOffset.UnixEpoch.AddDays(1), "d1:li5ee"u8.ToArray()),
            ],
            Items = [new SavedItem(DateTimeOffset.UnixEpoch.AddDays(2), PlainBencode.Encode("an item"), SimulatedNetworks.Address(3))],
        };

        var decoded = NodeStateCodec.Decode(NodeStateCodec.Encode(state).Span);

        Assert.Equal((state.IdV4, state.IdV6, 4711, 9977), (decoded.IdV4, decoded.IdV6, decoded.PortV4, decoded.PortV6));
        Assert.Equal((false, true), (decoded.IsOpenV4, decoded.IsOpenV6));
        Assert.Equal(state.Nodes, decoded.Nodes);
        Assert.Equal(state.NodeIds, decoded.NodeIds);
        Assert.Equal(state.Saved, decoded.Saved);
        Assert.Equal(
            state.Announced.Select(static a => (a.Key, a.Content.Hash, a.Content.Length, a.DueV4, a.DueV6, a.ItemDue)),
            decoded.Announced.Select(static a => (a.Key, a.Content.Hash, a.Content.Length, a.DueV4, a.DueV6, a.ItemDue)));
        Assert.Equal(contents[1].Pieces!.Digest, decoded.Announced[1].Content.Pieces?.Digest);
        Assert.Equal(
            (state.Contacts[0].Key, state.Contacts[0].Peer, state.Contacts[0].Expires),
            (decoded.Contacts[0].Key, decoded.Contacts[0].Peer, decoded.Contacts[0].Expires));
        Assert.Equal(state.Contacts[0].Claim, decoded.Contacts[0].Claim);
        Assert.Equal(
            (state.Items[0].Expires, "an item", state.Items[0].Owner),
            (decoded.Items[0].Expires, (string)PlainBencode.Decode(decoded.Items[0].Value), decoded.Items[0].Owner));
    }

    [Fact]
    public void Decode_StateOfAnEarlierVersion_DueTimesAndIdsAreUnknown()
    {
        var state = NodeStateCodec.Decode(PlainBencode.Bytes(
            "d9:announcedll20:KKKKKKKKKKKKKKKKKKKK32:HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHi5e0:ee5:nodesl6:AAAAPPee"));

        Assert.Equal(DateTimeOffset.UnixEpoch, Assert.Single(state.Announced).DueV4);
        Assert.Single(state.Nodes);
        Assert.Empty(state.NodeIds);
        Assert.Equal(DateTimeOffset.UnixEpoch, state.Saved);
    }

    /// <summary>Well-formed, with a right checksum, and nothing that this program has written.</summary>
    [Theory]
    [InlineData("d8:contactsll20:KKKKKKKKKKKKKKKKKKKK6:AAAAPPi9223372036854775807e0:eee")] // an end that is in no calendar
    [InlineData("d8:contactsll20:KKKKKKKKKKKKKKKKKKKK6:AAAAPPi-1e0:eee")]
    [InlineData("d8:contactsll20:KKKKKKKKKKKKKKKKKKKK6:AAAAPPeee")]
    [InlineData("d8:contactsll20:KKKKKKKKKKKKKKKKKKKK5:AAAAPi0e0:eee")]
    [InlineData("d8:contactsll20:KKKKKKKKKKKKKKKKKKKK6:AAAAPPi0e4:oddseee")] // a claim that would go out as it stands
    [InlineData("d8:contactsll3:KKK6:AAAAPPi0e0:eee")]
    [InlineData("d8:contactsleee")]
    [InlineData("d8:contactsllei5eee")]
    [InlineData("d8:contactsl3:odded")]
    [InlineData("d9:announcedll20:KKKKKKKKKKKKKKKKKKKK32:HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHi-5e0:eee")]
    [InlineData("d9:announcedll20:KKKKKKKKKKKKKKKKKKKK32:HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHi9223372036854775807e0:eee")]
    [InlineData("d9:announcedll20:KKKKKKKKKKKKKKKKKKKK32:HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHi5e3:odd" + "eee")]
    [InlineData("d9:announcedll20:KKKKKKKKKKKKKKKKKKKKeee")]
    [InlineData("d9:announcedll20:KKKKKKKKKKKKKKKKKKKK32:HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHi5e0:i-1eeee")] // due before any calendar
    [InlineData("d5:saved3:odde")]
    [InlineData("d5:port4i70000ee")]
    [InlineData("d5:itemslli253402300800e3:oddeee")]
    [InlineData("d5:itemslli0eeee")]
    [InlineData("d5:nodesl3:oddee")]
    [InlineData("d5:nodesl6:\0\0\0\0PPee")]
    [InlineData("d5:nodesl6:AAAA\0\0ee")]
    public void Decode_AbsurdValues_AreRefused(string state) =>
        Assert.Throws<InvalidDataException>(() => NodeStateCodec.Decode(PlainBencode.Bytes(state)));

    [Fact]
    public void Decode_MutatedState_IsReadOrRefusedButNothingElse()
    {
        var random = new Random(2);
        var state = NodeStateCodec
            .Encode(
                new NodeState
                {
                    IdV4 = NodeId.Create(random),
                    Nodes = [SimulatedNetworks.Address(1)],
                    Announced = [new SavedAnnouncement(SimulatedNetworks.Content(2, 7).Key(), SimulatedNetworks.Content(2, 7))],
                    Contacts =
                    [
                        new SavedContact(
                            NodeId.Create(random), SimulatedNetworks.Address(9), DateTimeOffset.UnixEpoch, "d1:li5ee"u8.ToArray()),
                    ],
                })
            .ToArray();
        var refused = 0;
        for (var i = 0; i < 5000; i++)
        {
            var mutated = state.ToArray();
            mutated[random.Next(mutated.Length)] = (byte)"0123456789:ilde-"[random.Next(16)];
            try
            {
                NodeStateCodec.Decode(mutated);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 100, 5000);
    }

    [Fact]
    public void Restore_SavedState_GivesTheContactsAgainUntilTheirEnd()
    {
        var before = new Subject();
        var stranger = SimulatedNetworks.Address(5);
        var key = NodeId.HashOf("key"u8).ToArray();
        var token = Subject.Body(before.Ask(stranger, "get_peers", ("info_hash", key)))["token"];
        before.Ask(stranger, "announce_peer", ("info_hash", key), ("port", 7777), ("token", token));
        var content = SimulatedNetworks.Content(1);
        before.Node.Announce(content.Key(), content);

        var after = new Subject(state: NodeStateCodec.Decode(NodeStateCodec.Encode(before.Node.Save()).Span), id: before.V4.Id);

        Assert.True(Subject.Body(after.Ask(stranger, "get_peers", ("info_hash", key))).ContainsKey("values"));
        Assert.Equal(1, after.Node.Counts.Announced);
        after.Time.Advance(TimeSpan.FromMinutes(46));
        Assert.False(Subject.Body(after.Ask(stranger, "get_peers", ("info_hash", key))).ContainsKey("values"));
    }
}
