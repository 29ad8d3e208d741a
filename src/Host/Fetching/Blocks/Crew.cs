using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching.Blocks;

/// <summary>Those who share the work on one content at this moment, and what they are known to do.</summary>
/// <param name="Channels">Those that may be given work.</param>
/// <param name="Expected">How many more may come: whoever is first must not take everything.</param>
internal sealed record Crew(IReadOnlyList<FetchChannel> Channels, int Expected = 0)
{
    /// <summary>How many share the work.</summary>
    public int Active => Channels.Count + Expected;

    public bool HasOrigin => Channels.Any(channel => channel.IsOrigin);

    /// <summary>Whether copies at hand are left all the work.</summary>
    public bool DoesLocalCarry { get; init; }

    /// <summary>Bytes per second of the origins; 0 while unknown.</summary>
    public double OriginSpeed => SpeedOf(Channels.Where(channel => channel.IsOrigin));

    /// <summary>The same of an origin that is not asked yet, and may be at any moment.</summary>
    public double ComingOriginSpeed { get; init; }

    /// <summary>The same of the peers that have all of it.</summary>
    public double PeersSpeed => SpeedOf(Channels.Where(channel => channel is { IsPeer: true, IsReady: true, Progress: null }));

    /// <summary>
    /// Whether an origin is at work that does more than all the peers do. What they hold up would have been there sooner from it.
    /// </summary>
    public bool IsLedByOrigin => PeersSpeed is > 0 and var peers && peers < OriginSpeed;

    /// <summary>What hosts do together, where one that is not known does as much as the others; 0 while none is.</summary>
    public static double SpeedOf(IEnumerable<FetchChannel> channels)
    {
        var speeds = channels.DistinctBy(channel => channel.Host).Select(channel => channel.Speed.Rate).ToArray();
        var known = speeds.Count(speed => speed > 0);
        return known == 0 ? 0 : speeds.Sum() / known * speeds.Length;
    }
}
