using System.Net.Sockets;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Meeting;
using AptP2P.Dht.Kademlia.Reachability;

namespace AptP2P.Dht.Kademlia;

/// <summary>With whom this node is connected, how it found them, and whether others reach it; on the status page.</summary>
internal sealed class NetworkStatus(KademliaService service, KademliaEnvironment environment) : IStatusSection
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5); // by then every way into the network was tried

    public string Key => "network";

    public string Title => "Network";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken)
    {
        if (service.Entry is not { } entry)
        {
            return new([new StatusValue("verdict", "This node is in", environment.Reach == PeerReach.Off ? "off" : "alone")]);
        }

        var (known, world) = (entry.Own.Count(), entry.Own.CountWorld());
        var items = new List<StatusItem>
        {
            new StatusValue("verdict", "This node is in", world > 0 ? "world" : known > 0 ? "lan" : "alone"),
            new StatusValue("nodesNear", "Nodes nearby", known - world),
            new StatusValue("nodesElsewhere", "Nodes elsewhere", world),
            new StatusValue("foundBy", "Found by", known > 0 ? entry.Own.FoundBy() : null),
        };
        foreach (var watch in entry.Watches)
        {
            items.AddRange(Describe(watch));
        }

        if (entry.Meeting is { } meeting)
        {
            var traffic = entry.Mainline?.Traffic;
            items.AddRange(
            [
                new StatusValue("mainlineLookups", "Look-ups in Mainline", meeting.Looks),
                new StatusValue("mainlineAnnouncements", "Announcements in Mainline", meeting.Announcements),
                new StatusValue("mainlineFound", "Nodes named there", meeting.Found),
                new StatusValue("mainlineDatagrams", "Datagrams to and from Mainline", traffic?.PacketsIn + traffic?.PacketsOut ?? 0),
                new StatusValue("mainlineBytes", "Bytes of these", traffic?.BytesIn + traffic?.BytesOut ?? 0, StatusUnit.Bytes),
            ]);
        }

        if (known == 0 && entry.Own.Age >= Patience)
        {
            items.Add(Alone(entry.Own));
        }

        if (ReachProblem.Of(entry.Watches) is { } problem)
        {
            items.Add(problem);
        }

        return new(items);
    }

    private StatusProblem Alone(OwnNetwork own) => new StatusProblem(
        "alone",
        $"No other machine was found in {(int)own.Age.TotalMinutes} minutes: everything comes from the mirrors",
        ProblemSeverity.Notice,
        !own.IsConnected ? "Connect this machine to a network."
        : environment.Reach == PeerReach.Lan
            ? "Run the daemon on a second machine of this network, or let it into the world: [Sharing] Reach=world."
        : $"Run the daemon on a second machine, or name one that runs: [Dht.Kademlia] Bootstrap=host:{environment.EndPoint.Port}.");

    private static IEnumerable<StatusItem> Describe(ReachWatch watch)
    {
        var (key, family) = (watch.Family == AddressFamily.InterNetwork ? "ipv4" : "ipv6", ReachProblem.NameOf(watch.Family));
        yield return new StatusValue($"{key}Reachable", $"Others reach it over {family}", watch.State.Word);
        if (watch.Hint is { } hint)
        {
            yield return new StatusValue($"{key}Hint", $"Why not over {family}", hint);
        }
    }
}
