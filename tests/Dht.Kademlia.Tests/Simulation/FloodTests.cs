using System.Diagnostics;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

public sealed class FloodTests(ITestOutputHelper output)
{
    [Fact]
    public void Receive_TwentyThousandPacketsASecond_HonestQueriesAreAnsweredAndMemoryIsBounded()
    {
        const int Seconds = 10;
        const int PerSecond = 20_000;
        var random = new Random(50);
        var subject = new Subject();
        var honest = Enumerable.Range(1, 50).Select(SimulatedNetworks.Address).ToList();
        honest.ForEach(node => subject.Meet(node, new NodeId(Subject.IdOf(node))));
        var key = NodeId.HashOf("key"u8).ToArray();
        var garbage = new byte[300];
        random.NextBytes(garbage);
        var query = PlainBencode.Encode(Subject.Query("get_peers", ("id", new byte[20]), ("info_hash", key)));
        var announce = PlainBencode.Encode(
            Subject.Query("announce_peer", ("id", new byte[20]), ("info_hash", key), ("port", 1), ("token", "12345678")));
        var (asked, answered, sentBytes) = (0, 0, 0L);
        var watch = Stopwatch.StartNew();
        for (var second = 0; second < Seconds; second++)
        {
            for (var packet = 0; packet < PerSecond; packet++)
            {
                // A third garbage, a third from one host, a third with forged senders.
                var forged = UdpEndpoint.FromV4((uint)random.NextInt64(0x20000000, 0x60000000), 5000);
                var (datagram, from) = (packet % 3) switch
                {
                    0 => (garbage, forged),
                    1 => (query, Subject.At("203.0.113.66:6666")),
                    _ => (packet % 2 == 0 ? announce : query, forged),
                };
                subject.Node.Receive(datagram, from);
                if (packet % 400 == 0)
                {
                    asked++;
                    answered += subject.Ask(honest[asked % honest.Count], "get_peers", ("info_hash", key)) is null ? 0 : 1;
                    sentBytes += subject.TakeSent().Sum(static sent => sent.Datagram.Length);
                    subject.Time.Advance(TimeSpan.FromSeconds(400.0 / PerSecond));
                }
            }
        }

        output.WriteLine(
            $"answered {answered}/{asked}; {watch.Elapsed.TotalMicroseconds / (Seconds * PerSecond):F1} us per packet with the test's "
            + $"own work; pending {subject.Node.Counts.PendingQueries}");
        Assert.Equal(asked, answered);
        Assert.InRange(subject.V4.Table.Count, 1, 300);
        Assert.InRange(subject.Node.Counts.PendingQueries, 0, 20 * subject.Options.AdmissionsPerSecond);
        Assert.InRange(subject.Node.Counts.StoredContacts, 0, 0);
    }
}
