using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching.Crowd;

/// <summary>What a node of a crowd asks the origin for: pieces that fall to it, one by one, as the others change.</summary>
/// <param name="crowd">The others.</param>
/// <param name="options">How long they are waited for.</param>
/// <param name="longest">The longest such wait.</param>
/// <param name="time">The clock.</param>
internal sealed class OriginShare(CrowdShare crowd, CrowdOptions options, TimeSpan longest, TimeProvider time) : IWorkShare
{
    public Block? Next(FetchChannel origin, BlockMap map, long now)
    {
        // However far it is from what apt waits for here: the others wait for it.
        if (crowd.Choose(map.Free) is { } ours)
        {
            return ours;
        }

        // Whoever should bring in what is missing may be slow, or gone. While something comes it is waited for, and then as long as it is
        // worth it.
        if (map.IsFull
            || origin.IdleSince is not { } since
            || time.GetElapsedTime(Math.Max(since, map.LastByte), now) < PatienceFor(origin, map))
        {
            return null;
        }

        origin.Waits++;
        return map.Free.FirstOrDefault(block => crowd.IsMissing(block.Index));
    }

    private TimeSpan PatienceFor(FetchChannel origin, BlockMap map)
    {
        var most = longest.TotalSeconds;
        var wait = origin.Rate > 0 ? options.CrowdFactor * map.Blocks[map.FirstOpen].Range.Length / origin.Rate : most;
        wait = Math.Clamp(wait, Math.Min(most, options.CrowdWait.TotalSeconds), most);
        return TimeSpan.FromSeconds(wait * Math.Pow(0.5, origin.Waits)); // in vain once, half as long the next time
    }
}
