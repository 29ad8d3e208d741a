using System.Collections.Immutable;

namespace AptP2P.Host.Traffic;

/// <summary>What people are shown of the traffic.</summary>
/// <param name="Today">Since local midnight, whatever run it was.</param>
/// <param name="All">Since <paramref name="Since"/>.</param>
/// <param name="Session">Since the daemon's start.</param>
/// <param name="Since">When the daemon ran for the first time.</param>
/// <param name="Spans">Rates.</param>
internal sealed record TrafficView(
    TrafficCount Today, TrafficCount All, TrafficCount Session, DateTimeOffset Since, ImmutableArray<StatusSpan> Spans);
