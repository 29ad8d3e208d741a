using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.State;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

public sealed class SweepTests(ITestOutputHelper output)
{
    [Fact]
    public void Announce_TenThousandKeys_CostsATenthOfALookupEach()
    {
        const int Keys = 10_000;
        var network = new SimulatedNetwork(seed: 40);
        var nodes = network.Grow(200);
        var announcer = nodes[0];
        var single = network.Datagrams;
        network.Announce([announcer], 50);
        single = (network.Datagrams - single) / 50;

        var contents = Enumerable.Range(1000, Keys).Select(static number => SimulatedNetworks.Content(number)).ToList();
        foreach (var content in contents)
        {
            announcer.Node.Announce(content.Key(), content);
        }

        network.Time.Advance(TimeSpan.FromMinutes(14)); // all are known, none is due again
        var before = announcer.Node.Traffic.PacketsOut;
        network.Time.Advance(TimeSpan.FromMinutes(26)); // every region was due once, some twice
        var perKey = 2.0 * (announcer.Node.Traffic.PacketsOut - before) / Keys; // and as many come back

        output.WriteLine($"datagrams: {single} for one key by itself, {perKey:F2} per key and sweep");
        Assert.InRange(perKey, 0.01, single / 10.0);
        var sample = contents.Where((_, index) => index % 100 == 0).Select(content => (content, announcer)).ToList();
        Assert.Equal(sample.Count, network.Find(nodes, sample).Found);
        Assert.All(sample, item => Assert.InRange(
            nodes.Count(node => node.Node.Knows(item.content.Key())), 6, 40)); // k and, where a key led a batch, some more
    }

    [Fact]
    public void Start_ThousandsOfAnnouncementsRestored_AreKnownWithinAMinuteForFewPackets()
    {
        var network = new SimulatedNetwork(seed: 43);
        var nodes = network.Grow(60);
        var contents = Enumerable.Range(0, 2000).Select(static number => SimulatedNetworks.Content(number)).ToList();
        var restarted = new SimulatedNode(network, SimulatedNetworks.Address(500), new KademliaOptions())
        {
            Delay = TimeSpan.FromMilliseconds(30),
        };
        restarted.Node.Restore(new NodeState
        {
            Announced = [.. contents.Select(static content => new SavedAnnouncement(content.Key(), content))],
        });

        restarted.Node.Start([nodes[0].Endpoint]);
        network.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.All(contents, content => Assert.InRange(nodes.Count(node => node.Node.Knows(content.Key())), 4, 60));
        Assert.InRange(restarted.Node.Traffic.PacketsOut, 100, 2000);
    }

    [Fact]
    public void Announce_MostNodesDoNotAnswerWhenItIsDue_IsTriedAgainSoon()
    {
        var network = new SimulatedNetwork(seed: 44);
        var nodes = network.Grow(60);
        var announcer = nodes[5];
        network.Announce([announcer], 20);
        var now = network.Time.GetUtcNow();
        var first = announcer.Node.Save().Announced.Min(static announced => announced.DueV4) - now;
        network.Time.Advance(first - TimeSpan.FromSeconds(20));

        network.CanPass = (from, to) => (from != announcer && to != announcer) || nodes[..4].Contains(from) || nodes[..4].Contains(to);
        network.Time.Advance(TimeSpan.FromSeconds(50));

        var due = announcer.Node.Save().Announced.Select(announced => announced.DueV4 - network.Time.GetUtcNow()).ToList();
        Assert.InRange(due.Min(), TimeSpan.Zero, new KademliaOptions().AnnounceRetry);
    }

    [Fact]
    public void Withdraw_AfterTheContactLife_NobodyKnowsItAnyMore()
    {
        var network = new SimulatedNetwork(seed: 41);
        var nodes = network.Grow(30);
        var (kept, withdrawn) = (SimulatedNetworks.Content(1), SimulatedNetworks.Content(2));
        nodes[3].Node.Announce(kept.Key(), kept);
        nodes[3].Node.Announce(withdrawn.Key(), withdrawn);
        network.Time.Advance(TimeSpan.FromMinutes(20));

        nodes[3].Node.Withdraw(withdrawn.Key());
        network.Time.Advance(TimeSpan.FromHours(3));

        Assert.NotEmpty(SimulatedSearch.Run(network, nodes[7], kept.Key()).Peers);
        Assert.Empty(SimulatedSearch.Run(network, nodes[7], withdrawn.Key()).Peers);
    }

    [Fact]
    public void Announce_ListOfManyPieces_IsStoredAndKeptForHours()
    {
        var network = new SimulatedNetwork(seed: 42);
        var nodes = network.Grow(40);
        var content = SimulatedNetworks.Content(1, pieces: 9);
        nodes[0].Node.Announce(content.Key(), content);
        network.Time.Advance(TimeSpan.FromHours(5));

        var claim = ClaimCodec.Decode(Assert.Single(SimulatedSearch.Run(network, nodes[20], content.Key()).Peers).Claim, out var target);
        network.Kill(nodes[0]);
        var search = nodes[20].Node.FindItem(target!.Value);
        network.RunUntil(() => search.Item.IsCompleted, TimeSpan.FromSeconds(20));

        Assert.NotNull(claim);
        Assert.True(search.Item.IsCompletedSuccessfully);
        Assert.InRange(nodes.Count(static node => node.Node.Counts.StoredItems > 0), 6, 24);
    }

    [Fact]
    public void Announce_ForeignNodes_GetOneKeyPerDatagram()
    {
        var subject = new Subject();
        var foreign = SimulatedNetworks.Address(1);
        var id = new NodeId(Subject.IdOf(foreign));
        var contents = Enumerable.Range(0, 5).Select(static number => SimulatedNetworks.Content(number)).ToList();
        contents.ForEach(content => subject.Node.Announce(content.Key(), content));

        subject.Meet(foreign, id); // comes, and is brought what we have
        var announced = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            foreach (var (_, datagram) in subject.TakeSent())
            {
                var query = PlainBencode.DecodeDictionary(datagram);
                var arguments = (Dictionary<string, object>)query["a"];
                Assert.DoesNotContain("ks", arguments.Keys);
                announced.AddRange((string)query["q"] == "announce_peer" ? [(string)arguments["info_hash"]] : []);
                subject.Node.Receive(
                    Subject.Answer((string)query["t"], id, ("token", "for " + arguments.GetValueOrDefault("info_hash"))), foreign);
            }
        }

        Assert.Equal(contents.Select(static content => PlainBencode.Text(content.Key().ToArray())).Order(), announced.Order());
    }
}
