using AptP2P.Host.Fetching.Building;
using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching;

/// <summary>
/// Whether one fetch is left to copies at hand (<see cref="SourceRole.Local"/>): while they may say that they have it, and as long as they
/// give it fast enough. Once they have not, they share the work with everybody else.
/// </summary>
internal sealed class LocalTurn(ChannelEnvironment environment, FetchChannels channels, SourceSearch search, ContentBuilder builder)
{
    private readonly long _began = environment.Time.GetTimestamp();
    private volatile bool _isOver;

    /// <summary>Whether it is.</summary>
    public bool Carries => !_isOver && (UntilAnswered > TimeSpan.Zero || Live.Any());

    private IEnumerable<FetchChannel> Live => channels.All.Where(channel => channel is { IsLocal: true, IsRetired: false });

    private TimeSpan UntilAnswered =>
        search.IsOpeningLocal ? environment.Options.LocalBudget - environment.Time.GetElapsedTime(_began) : TimeSpan.Zero;

    /// <summary>Looks whether they are fast enough.</summary>
    /// <returns>When to look again, if it is left to them.</returns>
    public TimeSpan? Judge()
    {
        var untilSilent = environment.Options.LocalSilence - environment.Time.GetElapsedTime(Math.Max(_began, builder.LastByte));
        if (Live.Any())
        {
            var rate = Live.Sum(channel => channel.Latest.Current);
            _isOver |= untilSilent <= TimeSpan.Zero || (rate > 0 && rate < environment.Options.LocalRate.Bytes);
        }

        return !Carries ? null
            : Live.Any() ? (untilSilent < environment.Options.RateTime ? untilSilent : environment.Options.RateTime)
            : UntilAnswered is { Ticks: > 0 } left ? left
            : TimeSpan.FromMilliseconds(1);
    }
}
