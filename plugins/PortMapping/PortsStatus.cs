using System.Net.Sockets;

namespace AptP2P.Ports;

/// <summary>The ports on the status page.</summary>
internal sealed class PortsStatus(PortMappingService service) : IStatusSection
{
    public string Key => "ports";

    public string Title => "Ports outside";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) =>
        new([.. Items(AddressFamily.InterNetwork, "", ""), .. Items(AddressFamily.InterNetworkV6, "V6", " (IPv6)")]);

    private IEnumerable<StatusItem> Items(AddressFamily family, string suffix, string label)
    {
        var said = service.Board.Find(family);
        var (mapping, by) = (said?.Mapping, said?.By);
        return
        [
            new StatusValue($"tcp{suffix}", $"TCP{label}", mapping?.Tcp?.ToString()),
            new StatusValue($"udp{suffix}", $"UDP{label}", mapping?.Udp?.ToString()),
            new StatusValue($"protocol{suffix}", $"By{label}", by?.Protocol),
            new StatusValue($"router{suffix}", $"Router{label}", by?.Gateway.Address.ToString()),
            new StatusValue($"until{suffix}", $"Until, unless renewed{label}", by?.Until),
            new StatusValue($"reason{suffix}", $"Why not{label}", mapping?.Reason),
        ];
    }
}
