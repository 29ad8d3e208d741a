using Microsoft.Extensions.Options;

namespace AptP2P.Host.Fetching;

/// <summary>What each channel does next: the first free blocks, or part of what a slower one has before it. Called under the builder's lock.</summary>
internal sealed class WorkPlan(IOptions<FetchOptions> options, TimeProvider time)
{
    private const double ClaimSeconds = 1; // of a channel's own rate: long enough to be efficient, short enough to be fair
    private const double MarginSeconds = 0.2; // taking work over costs a round trip; it must be worth that
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(250);
    private const double UntriedSeconds = 1; // a channel of unknown rate may try what would take another this long
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
        if (victim is null)
        {
            return null;
        }

        if (!IsSilent(victim, now))
        {
            var behind = map.BlockAt(victim.End - 1).Index - map.BlockAt(victim.Position).Index;
            if (behind > 0 && Remaining(victim, now) > 2 * MarginSeconds)
            {
                return map.Split(victim, channel, (behind + 1) / 2, now);
            }

            if (!IsFaster(channel, victim, now))
            {
                return null;
            }
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

    /// <summary>Whether a channel would do what is left of a claim in less than half of the time, the change-over included.</summary>
    private bool IsFaster(FetchChannel channel, Claim victim, long now) =>
        Remaining(victim, now) > (channel.Rate > 0 ? (2 * (victim.End - victim.Position) / channel.Rate) + MarginSeconds : UntriedSeconds);

    /// <summary>Seconds until a claim is done, as it goes now. One that has only just begun is left its chance.</summary>
    private double Remaining(Claim claim, long now)
    {
        var rate = RateOf(claim, now);
        return IsSilent(claim, now) ? double.MaxValue : rate > 0 ? (claim.End - claim.Position) / rate : 0;
    }

    private double RateOf(Claim claim, long now)
    {
        var seconds = time.GetElapsedTime(claim.Began, now).TotalSeconds;
        return seconds > 0 && claim.Received > 0 ? claim.Received / seconds : claim.Owner.Rate;
    }
}
