namespace AptP2P.Host.Origins.Mirrors;

/// <summary>
/// What mirrors say the time is. A machine whose clock is off takes no Release, or an old one for new, and nobody would guess why.
/// </summary>
internal sealed class MirrorClock(TimeProvider time)
{
    private const int MaxMirrors = 50; // more than a machine has; clients name them

    /// <summary>The clocks of mirrors are good to seconds; apt refuses a Release that is of the future at once.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Fresh = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (DateTimeOffset Said, long At)> _heard = [];

    /// <summary>
    /// How far this machine's clock is behind a mirror's, or before it where that is negative; nothing unless all that answered lately
    /// agree that it is off: a single clock that is off is more likely the mirror's.
    /// </summary>
    public (TimeSpan Behind, string Authority)? Off
    {
        get
        {
            lock (_lock)
            {
                var now = time.GetUtcNow();
                var all = _heard
                    .Where(mirror => time.GetElapsedTime(mirror.Value.At) < Fresh)
                    .Select(mirror => (Behind: mirror.Value.Said + time.GetElapsedTime(mirror.Value.At) - now, mirror.Key))
                    .OrderBy(static mirror => mirror.Behind.Duration())
                    .ToArray();
                return all is [var (least, authority), ..] && least.Duration() > Tolerance ? (least, authority) : null;
            }
        }
    }

    /// <summary>Takes note of an answer. A cache on the way may give one that is old, so what shows one does not count.</summary>
    public void Heard(string authority, HttpResponseMessage answer)
    {
        if (answer.Headers is not { Date: { } date, Age: null, Via.Count: 0 })
        {
            return;
        }

        lock (_lock)
        {
            if (_heard.Count >= MaxMirrors && !_heard.ContainsKey(authority))
            {
                _heard.Remove(_heard.MinBy(static mirror => mirror.Value.At).Key);
            }

            _heard[authority] = (date, time.GetTimestamp());
        }
    }
}
