namespace AptP2P.Host.Origins.Mirrors;

/// <summary>Notes, and says once, that an origin does not answer and that it does again.</summary>
internal sealed partial class OutageLog(OriginHealth health, ILogger<OutageLog> logger)
{
    /// <inheritdoc cref="OriginHealth.GoesAway"/>
    public void GoesAway(Origin origin, bool isSilent, string reason)
    {
        if (health.GoesAway(origin.Authority, isSilent))
        {
            LogAway(origin.Authority, reason);
        }
    }

    /// <inheritdoc cref="OriginHealth.Answered"/>
    public void Answered(Origin origin, TimeSpan firstByte)
    {
        if (health.Answered(origin.Authority, firstByte) is { } away)
        {
            LogBack(origin.Authority, away.TotalSeconds);
        }
    }

    /// <inheritdoc cref="Outages.ErrorGiven"/>
    public void ErrorGiven(Origin origin) => health.Outages.ErrorGiven(origin.Authority);

    /// <summary>It was not the origin: something here is wrong.</summary>
    public void HasFault(Origin origin, Exception fault) => LogFault(fault, origin.Authority);

    [LoggerMessage(
        1730, LogLevel.Warning, "{Origin} is in trouble ({Reason}): the last good copies of its Releases are served until it answers")]
    private partial void LogAway(string origin, string reason);

    [LoggerMessage(1731, LogLevel.Information, "{Origin} answers again after {Seconds:0} s: copies are no longer served in its place")]
    private partial void LogBack(string origin, double seconds);

    [LoggerMessage(1732, LogLevel.Error, "{Origin} could not be asked, by a fault of this daemon")]
    private partial void LogFault(Exception exception, string origin);
}
