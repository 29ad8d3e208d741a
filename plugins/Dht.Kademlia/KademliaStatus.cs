using System.Collections.Immutable;
using System.Text;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Queries;

namespace AptP2P.Dht.Kademlia;

/// <summary>The DHT on the status page.</summary>
internal sealed class KademliaStatus(
    KademliaService service, KademliaMetrics metrics, KademliaEnvironment environment, TimeProvider time) : IStatusSection
{
    private static readonly ImmutableArray<StatusColumn> MessageColumns =
    [
        new("kind", "Query"),
        new("sent", "Sent"),
        new("answered", "Answered"),
        new("failed", "Answered by an error"),
        new("timeouts", "Not answered"),
        new("received", "Received"),
        new("delay", "Answered after, on average", StatusUnit.Seconds),
    ];

    private readonly TrafficRate _rate = new(time);

    public string Key => "dht";

    public string Title => "DHT";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken)
    {
        if (service.Node is not { } node)
        {
            return new([new StatusValue("running", "Running", false), .. Down()]);
        }

        var (v4, v6, traffic) = (node.Families.V4, node.Families.V6, node.Traffic);
        var rate = _rate.Read(traffic);
        return new(
        [
            new StatusValue("running", "Running", true),
            new StatusValue("nodeId", "Node id", (v4 ?? v6)?.Id.ToString()),
            new StatusValue("externalAddress", "Seen from outside as", node.External?.ToString()),
            new StatusValue("nodesV4", "IPv4 nodes in the table", v4?.Table.Count ?? 0),
            new StatusValue("nodesV6", "IPv6 nodes in the table", v6?.Table.Count ?? 0),
            new StatusValue("networkSize", "Estimated nodes in the network", Math.Round(node.Counts.NetworkSize)),
            new StatusValue("announced", "Contents announced by this node", node.Counts.Announced),
            new StatusValue("storedKeys", "Keys kept for others", node.Counts.StoredKeys),
            new StatusValue("storedContacts", "Contacts kept for others", node.Counts.StoredContacts),
            new StatusValue("storedItems", "Piece lists kept for others", node.Counts.StoredItems),
            new StatusValue("lookups", "Look-ups", metrics.Lookups),
            new StatusValue("lookupTime", "A look-up for peers takes", metrics.Times.Median?.TotalSeconds, StatusUnit.Seconds),
            new StatusValue("queriesAnswered", "Queries answered", traffic.Answered),
            new StatusValue("timeouts", "Queries without an answer", traffic.Timeouts),
            new StatusValue("dropped", "Datagrams dropped", traffic.Malformed + traffic.Unexpected + traffic.Foreign + traffic.Refused),
            new StatusValue("packetsIn", "Packets received", traffic.PacketsIn),
            new StatusValue("packetsOut", "Packets sent", traffic.PacketsOut),
            new StatusValue("bytesIn", "Received", traffic.BytesIn, StatusUnit.Bytes),
            new StatusValue("bytesOut", "Sent", traffic.BytesOut, StatusUnit.Bytes),
            new StatusValue("speedIn", "Receives now", rate?.In, StatusUnit.BytesPerSecond),
            new StatusValue("speedOut", "Sends now", rate?.Out, StatusUnit.BytesPerSecond),
            new StatusTable("messages", "Queries to and from others", MessageColumns, Messages(traffic)),
        ]);
    }

    /// <summary>A row for each kind of query that there is.</summary>
    private static ImmutableArray<ImmutableArray<object?>> Messages(Traffic traffic) =>
    [
        .. Enum.GetValues<KrpcMethod>().Where(static method => method != KrpcMethod.Unknown).Select(method =>
        {
            var counts = traffic.Of(method);
            return ImmutableArray.Create<object?>(
                Encoding.ASCII.GetString(method.Name()),
                counts.Sent,
                counts.Answered,
                counts.Failed,
                counts.Timeouts,
                counts.Received,
                counts.Answered > 0 ? counts.Delays.TotalSeconds / counts.Answered : null);
        }),
    ];

    private IEnumerable<StatusItem> Down()
    {
        if (service.Failure is { } failure)
        {
            yield return new StatusProblem(
                "dhtDown",
                $"The DHT has not started, since UDP port {environment.EndPoint.Port} cannot be used ({failure}): "
                + "no peers are found elsewhere",
                ProblemSeverity.Warning,
                $"Stop what else uses the port (ss -ulpn 'sport = {environment.EndPoint.Port}'), and restart the daemon.");
        }
    }
}
