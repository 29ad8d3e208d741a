using System.Net;

namespace AptP2P.Host.Links;

/// <summary>A network interface at a moment.</summary>
internal sealed record NetworkLink(string Id, bool IsUp, IPAddress[] Addresses, IPAddress[] Gateways);
