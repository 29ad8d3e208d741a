using AptP2P.Host.Fetching.Channels;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Fetching.Blocks;

/// <summary>
/// Decides what each channel does next: the first free blocks, or part of what a slower one still has to do. Called under the builder's
/// lock.
/// </summary>
internal sealed partial class WorkPlan(IOptions<WorkOptions> options, PeerRecord peers, TimeProvider time)
{
    private readonly WorkOptions _options = options.Value;

    /// <summary>Finds work for a channel that has none.</summary>
    /// <param name="channel">Who asks.</param>
    /// <param name="crew">Who shares the work, the channel included.</param>
    /// <param name="map">The state of the content.</param>
    /// <param name="others">With whom the origin's part of the work is shared, if it is and the channel is an origin's.</param>
    public WorkChoice Next(FetchChannel channel, Crew crew, BlockMap map, IWorkShare? others)
    {
        var isOnTrial =
            channel is { IsPeer: true, Rate: 0, Progress: null } && peers.IsLate(channel) && map.Claims.Any(claim => claim.Owner.IsOrigin);
        if (isOnTrial && channel.Silences > 0)
        {
            return default; // once in a file
        }

        var now = time.GetTimestamp();
        if (crew.DoesLocalCarry)
        {
            var theirs = channel.IsLocal ? TakeFrom(claim => !claim.Owner.IsLocal, channel, map, now) : null;
            if (theirs is not null || !channel.IsLocal)
            {
                return new(theirs);
            }
        }

        var doNeighboursCarry = DoNeighboursCarry(crew, map, now);
        if (doNeighboursCarry && channel.IsOrigin)
        {
            var isTried = others is null && IsWorthATry(channel, crew, map); // where many share the line, each would try
            return new(isTried ? Try(channel, map, now) : null) { LookAgain = UntilAnyShown(map, now) };
        }

        if (doNeighboursCarry && channel.IsGoodNeighbour && TakeFrom(claim => claim.Owner.IsOrigin, channel, map, now) is { } taken)
        {
            return new(taken);
        }

        if (channel.IsPeer
            && !doNeighboursCarry
            && crew.PeersSpeed is > 0 and var peersSpeed
            && peersSpeed < crew.ComingOriginSpeed
            && time.GetElapsedTime(channel.IdleSince ?? now, now) < _options.TryTime)
        {
            return default; // what it begins now, the origin would have to take over
        }

        var most = crew.IsLedByOrigin && channel.IsPeer && !doNeighboursCarry ? DoneByTheEnd(channel, crew, map) : long.MaxValue;
        if (most < map.Blocks[0].Range.Length)
        {
            return default; // the origin does it sooner
        }

        var window = _options.Window.Bytes;
        var mayAdd = !channel.IsPeer || channel.Congestion.HasRoom(map.PeerClaims);
        var active = doNeighboursCarry ? crew.Channels.Count(other => other.IsPeer) : crew.Active;
        if (mayAdd && !isOnTrial && Free() is { } claim)
        {
            return new(claim);
        }

        // In a crowd the origin takes over what hangs, not what is only slow: it is slow for all of them.
        var victim = map
            .Claims.Where(other => CanTakeOver(channel, other) && (others is null || IsSilent(other, channel, now)))
            .MaxBy(other => Remaining(other, channel, now));
        if (victim is null)
        {
            return default;
        }

        if (IsSilent(victim, channel, now))
        {
            if (crew.HasOrigin && victim.Owner.IsPeer && channel is { IsPeer: true, Rate: 0 })
            {
                return default; // one peer was tried in vain; another one may be no better, and cost as much time again
            }

            if (victim.Received == 0)
            {
                victim.Owner.WasSilent(time.GetElapsedTime(victim.Began, now));
            }
        }
        else
        {
            var behind = map.BlockAt(victim.End - 1).Index - map.BlockAt(victim.Position).Index;
            if (mayAdd && behind > 0 && !HoldsUp(victim, channel, crew, map, now)
                && Remaining(victim, channel, now) > _options.TakeOverFactor * CostOf(channel))
            {
                var share = DoesLead(channel, crew, victim)
                    ? (int)Math.Ceiling(behind * SpeedOf(channel, crew) / (SpeedOf(channel, crew) + RateOf(victim, now)))
                    : (behind + 1) / 2;
                var part = Math.Min(share, Math.Max(1, most / map.Blocks[0].Range.Length));
                var trial = Math.Max(1, _options.FirstClaim.Bytes / map.Blocks[0].Range.Length);
                NoteOutrun(channel, crew, victim);
                return new(map.Split(victim, channel, (int)(isOnTrial ? Math.Min(trial, part) : part), now));
            }

            if (!IsFaster(channel, crew, victim, now))
            {
                return default;
            }

            NoteOutrun(channel, crew, victim);
        }

        map.Revoke(victim);
        return new(victim.IsWriting ? null : map.TryClaim(channel, others is null ? Share() : 1, window, now), victim);

        long Share() => Math.Min(most, ShareOf(channel, crew, active, map));

        Claim? Free() =>
            others is null ? map.TryClaim(channel, Share(), window, now)
            : others.Next(channel, map, now) is { } block ? map.ClaimBlock(channel, block, now)
            : null;
    }

    /// <summary>
    /// Has somebody work at the front, which apt waits for: whoever had it has failed, and the others may be busy with later blocks for
    /// long.
    /// </summary>
    /// <returns>A claim that was taken away for it; its channel has to be told.</returns>
    public Claim? MakeWayForFront(BlockMap map)
    {
        if (!map.IsFrontLeft)
        {
            return null;
        }

        var (now, wait) = (time.GetTimestamp(), _options.FrontWait.TotalSeconds);
        var front = map.Blocks[map.FirstOpen];
        var able = map.Claims.Where(claim => claim.Owner.Channel.MayHave(new ByteRange(front.Position, front.Range.End))).ToList();
        if (able.Count == 0 || able.Exists(claim => RateOf(claim, now) is 0 || TimeTo(claim.End, claim) <= wait))
        {
            return null; // it takes the front soon by itself, or has only just begun
        }

        var soonest = able.MinBy(claim => TimeTo(BlockEnd(claim), claim))!;
        if (TimeTo(BlockEnd(soonest), soonest) <= wait)
        {
            map.Shorten(soonest);
            return null;
        }

        map.Revoke(soonest);
        return soonest;

        long BlockEnd(Claim claim) => map.BlockAt(claim.Position).Range.End;

        double TimeTo(long end, Claim claim) => (Math.Min(end, claim.End) - claim.Position) / RateOf(claim, now);
    }

    private static bool CanTakeOver(FetchChannel channel, Claim other) =>
        other.Owner != channel
        && other.Position < other.End
        && (channel.Progress is null || channel.Channel.MayHave(new ByteRange(other.Position, other.End)));

    private long ShareOf(FetchChannel channel, Crew crew, int active, BlockMap map)
    {
        if (active <= 1 || (channel.IsOrigin && AreAllLate(crew)))
        {
            return long.MaxValue; // one request for all that is left; others who come later split it
        }

        var (origin, others) = channel.IsOrigin ? (crew.OriginSpeed, crew.PeersSpeed) : (0, 0);
        if (origin > 0 && others < origin && (others > 0 || channel.Rate > 0 || !peers.AreUnknown))
        {
            // Each further request costs it a round trip, in which nothing comes.
            var left = map.FreeBytes * others / (origin + others);
            return others == 0 ? (long)(origin * _options.ClaimTime.TotalSeconds)
                : left < map.Blocks[0].Range.Length ? long.MaxValue
                : (long)(map.FreeBytes - left);
        }

        var first = channel.IsNear ? _options.FirstClaimNear : _options.FirstClaim;
        var wanted = channel.Rate > 0 ? (long)(channel.Rate * _options.ClaimTime.TotalSeconds) : first.Bytes;
        return Math.Min(wanted, Math.Max(1, map.FreeBytes / active));
    }

    /// <summary>Whether no peer that may come is to be reckoned with, as far as is known.</summary>
    private bool AreAllLate(Crew crew) => peers.AreLate && crew.Channels.All(channel => !channel.IsPeer || peers.IsLate(channel));

    /// <summary>
    /// Whether nothing comes for a claim that another channel could have. After peers were late, an origin does not wait for
    /// their first byte; nor, before any has done well, for that of one that is far, and for a neighbour's not long.
    /// </summary>
    private bool IsSilent(Claim claim, FetchChannel other, long now) =>
        time.GetElapsedTime(claim.LastByte, now) >= claim.Owner.Patience
        || (other.IsOrigin && claim is { Received: 0, IsOfCrowd: false, Owner: { IsPeer: true, Rate: 0 } }
            && (peers.IsLate(claim.Owner)
                || (peers.IsUnproven(claim.Owner)
                    && (!claim.Owner.IsNear || UntilShown(claim, now) <= TimeSpan.Zero)))
            && claim.End - claim.Position <= (other.Rate > 0 ? other.Rate * _options.UntriedTime.TotalSeconds : double.MaxValue));

    /// <summary>
    /// Whether a channel would do what is left of a claim so much faster that it is worth the change-over. One that is near may try sooner.
    /// An origin that leads takes over what holds it up.
    /// </summary>
    private bool IsFaster(FetchChannel channel, Crew crew, Claim victim, long now)
    {
        var (left, rest) = (Remaining(victim, channel, now), victim.End - victim.Position);
        return channel.Silences == 0
            && left > (
                DoesLead(channel, crew, victim) ? (rest / SpeedOf(channel, crew)) + channel.FirstByte.TotalSeconds
                : channel.Rate > 0 ? (_options.TakeOverFactor * rest / channel.Rate) + CostOf(channel)
                : channel.IsNear ? _options.UntriedTimeNear.TotalSeconds
                : _options.UntriedTime.TotalSeconds);
    }

    /// <summary>
    /// Whether an origin is known to be faster than the peer that has a claim, or that is one of those of whom none has done well yet.
    /// </summary>
    private bool DoesLead(FetchChannel channel, Crew crew, Claim victim) =>
        channel.IsOrigin
        && (crew.IsLedByOrigin || (SpeedOf(channel, crew) > 0 && victim.Received > 0 && peers.IsUnproven(victim.Owner)));

    /// <summary>
    /// Whether what is on its way to a block would not be there before the origin had all of it: then it does not pay to leave that block
    /// and to come back for it.
    /// </summary>
    private bool HoldsUp(Claim victim, FetchChannel channel, Crew crew, BlockMap map, long now) =>
        DoesLead(channel, crew, victim)
        && (map.BlockAt(victim.Position).Range.End - victim.Position) / RateOf(victim, now)
            > ((victim.End - victim.Position) / SpeedOf(channel, crew)) + CostOf(channel);

    /// <summary>
    /// A neighbour that an origin takes work from is no better than one that does not answer: the next one is only tried beside the origin.
    /// </summary>
    private void NoteOutrun(FetchChannel channel, Crew crew, Claim victim)
    {
        if (victim.Owner.IsNear && DoesLead(channel, crew, victim))
        {
            victim.WasOutrun = true;
            peers.WasLate(victim.Owner);
        }
    }

    /// <summary>What is known of an origin, by other fetches too.</summary>
    private static double SpeedOf(FetchChannel origin, Crew crew) => Math.Max(crew.OriginSpeed, origin.Rate);

    /// <summary>Seconds that pass before a channel gives anything.</summary>
    private double CostOf(FetchChannel channel) => Math.Max(_options.TakeOverCost.TotalSeconds, channel.FirstByte.TotalSeconds);

    /// <summary>Seconds until a claim is done, as it goes now. One that has just begun is given a chance.</summary>
    private double Remaining(Claim claim, FetchChannel other, long now)
    {
        var rate = RateOf(claim, now);
        return IsSilent(claim, other, now) ? double.MaxValue : rate > 0 ? (claim.End - claim.Position) / rate : 0;
    }

    private double RateOf(Claim claim, long now)
    {
        var elapsed = time.GetElapsedTime(claim.Began, now);
        var rate = elapsed > TimeSpan.Zero ? claim.Received / elapsed.TotalSeconds : 0;
        // Most of a claim's first moments is the wait for its first byte, which says little of what comes after it.
        return claim.Received == 0 || elapsed < claim.Owner.Patience ? Math.Max(rate, claim.Owner.Rate) : rate;
    }
}
