using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching.Blocks;

/// <summary>What is left to neighbours, whose bytes cost the line nothing, and to whoever is slower than the origin.</summary>
internal sealed partial class WorkPlan
{
    /// <summary>
    /// Whether neighbours bring all of it at least as soon as the origin would, or soon enough: then the origin is left nothing. Ones
    /// of which nothing is known yet are given the time to show what they do; beside others, one is taken to be like those.
    /// </summary>
    private bool DoNeighboursCarry(Crew crew, BlockMap map, long now)
    {
        var giving = crew.Channels.Where(channel => channel.IsGoodNeighbour && !peers.IsLate(channel) && IsGiving(channel)).ToList();
        return giving.Count > 0
            && (giving.TrueForAll(channel => channel.Speed.Rate == 0) || Crew.SpeedOf(giving) >= NeededOf(crew));

        bool IsGiving(FetchChannel channel) =>
            map.Claims.FirstOrDefault(claim => claim.Owner == channel) is { } claim
                ? time.GetElapsedTime(claim.LastByte, now) < _options.NeighbourSilence && !HasDisappointed(claim, crew, now)
                : channel.IdleSince is null; // it is about to ask for work
    }

    /// <summary>
    /// Bytes per second that neighbours have to do for the origin to be left nothing. Those of the local network that get it at this moment
    /// share the line to the origin.
    /// </summary>
    private double NeededOf(Crew crew) =>
        Math.Min(
            crew.OriginSpeed / (1 + crew.Channels.Count(channel => channel is { IsNear: true, Progress: not null })),
            _options.NeighbourSpeed.Bytes);

    /// <summary>
    /// Whether a neighbour was given the time to show what it does, while none has done well lately, and does less than is needed.
    /// </summary>
    private bool HasDisappointed(Claim claim, Crew crew, long now)
    {
        var needed = crew.OriginSpeed > 0 ? NeededOf(crew) : _options.NeighbourSpeed.Bytes;
        return peers.IsUnproven(claim.Owner)
            && UntilShown(claim, now) <= TimeSpan.Zero
            && (claim.Received == 0 || claim.Received < needed * BodyTime(claim, now).TotalSeconds);
    }

    /// <summary>
    /// What is left of the time that a neighbour has to show what it does. One that has just said it has the content is there, and may have
    /// to wait for its disk; one that only others speak of may be off.
    /// </summary>
    private TimeSpan UntilShown(Claim claim, long now) =>
        claim.Received > 0 ? _options.NeighbourStart - BodyTime(claim, now)
        : (claim.Owner.WasSearched ? _options.NeighbourStart : _options.NeighbourSilence) - time.GetElapsedTime(claim.LastByte, now);

    private TimeSpan BodyTime(Claim claim, long now) => time.GetElapsedTime(claim.Began, now) - claim.Owner.FirstByte;

    /// <summary>
    /// When the first neighbour may have had that time, which begins to run anew with its first byte; nothing if none is being tried.
    /// </summary>
    private TimeSpan? UntilAnyShown(BlockMap map, long now)
    {
        TimeSpan? soonest = null;
        foreach (var claim in map.Claims.Where(claim => claim.Owner.IsGoodNeighbour && peers.IsUnproven(claim.Owner)))
        {
            var left = UntilShown(claim, now);
            left = left < _options.NeighbourStart ? left : _options.NeighbourStart;
            soonest = left <= TimeSpan.Zero || soonest < left ? soonest : left;
        }

        return soonest;
    }

    /// <summary>
    /// Whether it is worth knowing what an origin of unknown speed does, while neighbours carry the content: if they take long for the
    /// rest.
    /// </summary>
    private bool IsWorthATry(FetchChannel origin, Crew crew, BlockMap map) =>
        !origin.WasAsked
        && crew.OriginSpeed == 0
        && crew.PeersSpeed is > 0 and var speed
        && speed < _options.NeighbourSpeed.Bytes
        && map.OpenBytes > speed * _options.TryTime.TotalSeconds;

    /// <summary>One block, from the far end, where it holds up nothing; with the very last if that is too small to tell.</summary>
    private static Claim? Try(FetchChannel origin, BlockMap map, long now)
    {
        var blocks = map.Blocks[^1].Range.Length < map.Blocks[0].Range.Length ? 2 : 1;
        return map.Free.LastOrDefault(block => block.Range.Length == map.Blocks[0].Range.Length) is { } last
            ? map.ClaimBlock(origin, last, now)
            : map.Claims.Where(claim => claim.Owner.IsGoodNeighbour).MaxBy(claim => claim.End) is { } claim
                ? map.Split(claim, origin, blocks, now)
                : null;
    }

    /// <summary>What another has before it, where nothing is free: all but the block that is on its way.</summary>
    private static Claim? TakeFrom(Func<Claim, bool> whose, FetchChannel taker, BlockMap map, long now) =>
        map.Free.Any()
            ? null
            : map.Claims.Where(whose).MaxBy(claim => claim.End - claim.Position) is { } claim
                && claim.Position < claim.End
                ? map.Split(claim, taker, map.Blocks.Count, now)
                : null;

    /// <summary>
    /// How many bytes a slower peer brings until an origin that leads has all the rest. What it gets beyond that, all would wait for.
    /// </summary>
    private static long DoneByTheEnd(FetchChannel peer, Crew crew, BlockMap map)
    {
        var end = map.OpenBytes / (crew.OriginSpeed + crew.PeersSpeed);
        var speed = peer.Speed.Rate is > 0 and var known ? known : crew.PeersSpeed / crew.Channels.Count(channel => channel.IsPeer);
        return (long)(speed * Math.Max(0, end - peer.FirstByte.TotalSeconds));
    }
}
