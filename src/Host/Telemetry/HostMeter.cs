namespace AptP2P.Host.Telemetry;

/// <summary>The meter of all of the daemon's own instruments; plugins have theirs.</summary>
internal static class HostMeter
{
    public const string Name = "AptP2P.Host";
}
