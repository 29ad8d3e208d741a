using System.Net;

namespace AptP2P.Ports.Gateways;

/// <summary>What a router is asked for.</summary>
/// <param name="Transport">TCP or UDP.</param>
/// <param name="Port">The port here.</param>
/// <param name="External">Where it is to be outside, if that is free; the address is the one that was given before, or none.</param>
/// <param name="Lifetime">For how long.</param>
internal sealed record MapRequest(Transport Transport, int Port, IPEndPoint External, TimeSpan Lifetime);
