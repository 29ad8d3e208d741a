using Microsoft.Extensions.Options;

namespace AptP2P.Host.Fetching;

/// <summary>What each channel does next: the first free blocks, or part of what a slower one has before it. Called under the builder's lock.</summary>
internal sealed class WorkPlan(IOptions<FetchOptions> options, TimeProvider time)
{
    private const double ClaimSeconds = 1; // of a channel's own rate: long enough to be efficient, short enough to be fair
    private const double MarginSeconds = 0.2; // taking work over costs a round trip; it must be worth that
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(250);
    private const int FirstClaim = 1 << 20; // while nothing is known of a channel's rate

    /// <summary>Finds work for a channel that has none.</summary>
    /// <param name="channel">Who asks.</param>
    /// <param name="active">How many channels share the work, this one included.</param>
    /// <param name="map">The state of the content.</param>
    /// <param name="revoked">A claim that was taken away to make room; its channel has to be told.</param>
    public Claim? Next(FetchChannel channel, int active, BlockMap map, out Claim? revoked)
    {
        revoked = null;
        var now = time.GetTimestamp();
        var window = options.Value.Window.Bytes;
        var share = Share(channel, active, map);
        if (map.TryClaim(channel, share, window, now, onlyHeld: true) is { } claim)
        {
            return claim;
        }

        if (time.GetElapsedTime(channel.LastAsked, now) >= ProbeInterval && map.TryClaim(channel, 1, window, now, onlyHeld: false) is { } probe)
        {
            return probe; // a peer that is fetching the content itself tells with its answer what it has by now
        }

        var victim = map.Claims.Where(other => other.Owner != channel && other.Position < other.End).MaxBy(other => Remaining(other, now));
        if (victim is null || !IsWorthTaking(victim, channel, now))
        {
            return null;
        }

        var behind = map.BlockAt(victim.End - 1).Index - map.BlockAt(victim.Position).Index;
        if (behind > 0 && !IsSilent(victim, now))
        {
            return map.Split(victim, channel, (behind + 1) / 2, now);
        }

        victim.Revoke();
        revoked = victim;
        if (victim.IsWriting)
        {
            return null; // its last write frees the blocks
        }

        map.Release(victim);
        return map.TryClaim(channel, share, window, now, onlyHeld: true);
    }

    private static long Share(FetchChannel channel, int active, BlockMap map)
    {
        if (active <= 1)
        {
            return long.MaxValue; // one request for all that is left; others who come later split it
        }

        var wanted = channel.Rate > 0 ? (long)(channel.Rate * ClaimSeconds) : FirstClaim;
        return Math.Min(wanted, Math.Max(1, map.FreeBytes / active));
    }

    private bool IsSilent(Claim claim, long now) => time.GetElapsedTime(claim.LastByte, now) >= options.Value.Silence;

    private bool IsWorthTaking(Claim victim, FetchChannel channel, long now)
    {
        if (IsSilent(victim, now))
        {
            return true;
        }

        var rate = channel.Rate > 0 ? channel.Rate : RateOf(victim, now);
        var remaining = Remaining(victim, now);
        var mine = rate > 0 ? (victim.End - victim.Position) / rate : double.PositiveInfinity;
        return remaining > MarginSeconds && remaining > (2 * mine) + MarginSeconds / 2;
    }

    /// <summary>Seconds until a claim is done, as it goes now.</summary>
    private double Remaining(Claim claim, long now)
    {
        var rate = RateOf(claim, now);
        return IsSilent(claim, now) || rate <= 0 ? double.MaxValue : (claim.End - claim.Position) / rate;
    }

    private double RateOf(Claim claim, long now)
    {
        var seconds = time.GetElapsedTime(claim.Began, now).TotalSeconds;
        return seconds > 0 && claim.Received > 0 ? claim.Received / seconds : claim.Owner.Rate;
    }
}
