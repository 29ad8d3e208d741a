using AptP2P.Host.Fetching.Building;
using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching;

/// <summary>
/// How many origins of one fetch may work at the same time, and which: a further one is brought in when those at work are in trouble.
/// </summary>
internal sealed partial class OriginTurns(
    Content content, FetchEnvironment environment, FetchChannels channels, ContentBuilder builder, ILogger logger)
{
    private long _lastBroughtIn = environment.Time.GetTimestamp();
    private readonly long _began = environment.Time.GetTimestamp();
    private int _allowed;
    private bool _isAnythingMissed;

    /// <summary>How long ago one was last brought in, or the fetch began.</summary>
    public TimeSpan SinceLast => environment.Time.GetElapsedTime(_lastBroughtIn);

    /// <summary>Those whose turn it is.</summary>
    public List<FetchChannel> Working() => [.. Hosts().Take(_allowed)];

    /// <summary>How many further ones could be brought in.</summary>
    public int Spare => Math.Max(0, Hosts().Count() - _allowed);

    /// <summary>Those that may be asked, each host once.</summary>
    private IEnumerable<FetchChannel> Hosts()
    {
        var live = channels.LiveOrigins();
        if (live.Exists(origin => origin.IsOfAnotherArchive)
            && live.Exists(origin => origin is { IsOfAnotherArchive: false, Turn: 0 })
            && !IsAnythingMissed)
        {
            live.RemoveAll(origin => origin.IsOfAnotherArchive);
        }

        return live.Where(builder.WantsFrom).DistinctBy(origin => origin.Host);
    }

    /// <summary>Whether nothing has come for so long that anybody's help is welcome.</summary>
    private bool IsAnythingMissed =>
        _isAnythingMissed =
            _isAnythingMissed
            || environment.Time.GetElapsedTime(Math.Max(_began, builder.LastByte)) >= environment.Channels.Options.OriginAnyway;

    /// <summary>Sets how many may work.</summary>
    /// <returns>Whether that is another number than before.</returns>
    public bool Allow(int origins)
    {
        if (origins == _allowed)
        {
            return false;
        }

        if (origins > _allowed)
        {
            _lastBroughtIn = environment.Time.GetTimestamp();
            foreach (var troubled in Working())
            {
                LogNextOrigin(troubled.Channel.Name, content.Hash); // the policy had a reason
                environment.Channels.Origins.WasInTrouble(troubled.Host);
            }
        }

        _allowed = origins;
        return true;
    }

    [LoggerMessage(1205, LogLevel.Information, "{Origin} stalls or trickles: another origin helps with {Hash}")]
    private partial void LogNextOrigin(string origin, ContentHash hash);
}
