namespace AptP2P.Host.Daemon;

/// <summary>When the daemon was started.</summary>
internal sealed record DaemonStart(DateTimeOffset At);
