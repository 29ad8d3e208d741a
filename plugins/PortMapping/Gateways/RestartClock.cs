namespace AptP2P.Ports.Gateways;

/// <summary>
/// Compares a router's seconds since it forgot all mappings with the time that has passed here. Thread-safe.
/// </summary>
/// <param name="time">The clock here.</param>
/// <param name="share">
/// The clocks may differ by this part of the time: a 16th for PCP (RFC 6887, 8.5), an eighth for NAT-PMP (RFC 6886, 3.6).
/// </param>
/// <param name="bothWays">Whether a router's clock that is too fast says the same, as in PCP.</param>
internal sealed class RestartClock(TimeProvider time, double share, bool bothWays)
{
    private const double Slack = 2; // seconds: answers are late, and seconds are cut

    private readonly Lock _lock = new();
    private (double Router, long Here)? _last;

    /// <summary>Takes what an answer says.</summary>
    /// <returns>Whether the router has forgotten its mappings since the answer before.</returns>
    public bool HasRestarted(uint seconds)
    {
        lock (_lock)
        {
            var restarted = false;
            if (_last is var (before, at))
            {
                var router = seconds - before;
                var here = time.GetElapsedTime(at).TotalSeconds;
                restarted = router < -1
                    || router + Slack < here - (here * share)
                    || (bothWays && here + Slack < router - (router * share));
            }

            _last = (seconds, time.GetTimestamp());
            return restarted;
        }
    }
}
