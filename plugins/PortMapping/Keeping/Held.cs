using System.Net;
using AptP2P.Ports.Gateways;

namespace AptP2P.Ports.Keeping;

/// <summary>How it stands with one router.</summary>
/// <param name="Gateway">The router.</param>
/// <param name="Tcp">Where TCP is outside.</param>
/// <param name="Udp">Where UDP is outside.</param>
/// <param name="Protocol">By which protocol.</param>
/// <param name="Until">When it ends unless it is renewed.</param>
/// <param name="Reason">Where one is missing, why.</param>
internal sealed record Held(
    Gateway Gateway, IPEndPoint? Tcp, IPEndPoint? Udp, string? Protocol, DateTimeOffset? Until, string? Reason)
{
    public bool IsWhole => Tcp is not null && Udp is not null;

    /// <summary>What others are told.</summary>
    public PortMapping Mapping => new(Gateway.Family, Tcp, Udp, Reason);
}
