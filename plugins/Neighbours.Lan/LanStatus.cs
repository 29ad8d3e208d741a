using System.Collections.Immutable;
using AptP2P.Neighbours.Lan.Listening;

namespace AptP2P.Neighbours.Lan;

/// <summary>The neighbours on the status page.</summary>
internal sealed class LanStatus(LanService service, Neighbourhood neighbourhood, LanMetrics metrics, TimeProvider time) : IStatusSection
{
    private const int MaxRows = 64; // the page keeps tables short

    private static readonly ImmutableArray<StatusColumn> Columns =
        [new("endPoint", "Address"), new("interface", "Interface"), new("heard", "Heard before", StatusUnit.Seconds)];

    public string Key => "lan";

    public string Title => "Neighbours";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken)
    {
        if (!service.IsOn)
        {
            return new([new StatusValue("running", "Running", false)]);
        }

        var neighbours = neighbourhood.Current;
        return new(
        [
            new StatusValue("running", "Running", true),
            new StatusValue("interfaces", "Interfaces", string.Join(", ", service.Interfaces)),
            new StatusValue("neighbours", "Neighbours now", neighbours.Count),
            new StatusValue("sent", "Datagrams sent", metrics.SentCount),
            new StatusValue("received", "Signs of life received", metrics.Received),
            new StatusValue("dropped", "Datagrams dropped", metrics.Dropped),
            new StatusTable(
                "endPoints", "Who they are", Columns,
                [
                    .. neighbours.OrderByDescending(neighbour => neighbour.Heard).Take(MaxRows).Select(
                        neighbour => (ImmutableArray<object?>)
                        [
                            neighbour.EndPoint.ToString(),
                            neighbour.Link.Name,
                            Math.Round(time.GetElapsedTime(neighbour.Heard).TotalSeconds),
                        ]),
                ]),
        ]);
    }
}
