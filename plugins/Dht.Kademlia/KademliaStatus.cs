namespace AptP2P.Dht.Kademlia;

/// <summary>The DHT on the status page.</summary>
internal sealed class KademliaStatus(KademliaService service, KademliaMetrics metrics) : IStatusSection
{
    public string Key => "dht";

    public string Title => "DHT";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken)
    {
        if (service.Node is not { } node)
        {
            return new([new StatusValue("running", "Running", false)]);
        }

        var (v4, v6, traffic) = (node.Families.V4, node.Families.V6, node.Traffic);
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
            new StatusValue("queriesAnswered", "Queries answered", traffic.Answered),
            new StatusValue("timeouts", "Queries without an answer", traffic.Timeouts),
            new StatusValue("dropped", "Datagrams dropped", traffic.Malformed + traffic.Unexpected + traffic.Foreign + traffic.Refused),
            new StatusValue("packetsIn", "Packets received", traffic.PacketsIn),
            new StatusValue("packetsOut", "Packets sent", traffic.PacketsOut),
            new StatusValue("bytesIn", "Received", traffic.BytesIn, StatusUnit.Bytes),
            new StatusValue("bytesOut", "Sent", traffic.BytesOut, StatusUnit.Bytes),
        ]);
    }
}
