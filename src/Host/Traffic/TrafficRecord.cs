namespace AptP2P.Host.Traffic;

/// <summary>What is kept of the traffic over restarts.</summary>
/// <param name="Since">When the daemon ran for the first time.</param>
/// <param name="Total">All since then.</param>
/// <param name="Steps">Steps, each with its ring and its place there.</param>
internal sealed record TrafficRecord(
    DateTimeOffset Since, TrafficCount Total, IReadOnlyList<(string Ring, int Place, TrafficStep Step)> Steps);
