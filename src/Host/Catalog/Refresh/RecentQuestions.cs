using System.Collections.Concurrent;
using AptP2P.Host.Apt.Paths;

namespace AptP2P.Host.Catalog.Refresh;

/// <summary>
/// What archives were asked for lately: a client that asks for what does not exist must not make the daemon ask each time.
/// </summary>
internal sealed class RecentQuestions(TimeProvider time)
{
    /// <summary>Suites and indexes. Stops a client that invents suites from filling memory.</summary>
    private const int MaxRemembered = 1_000;

    private readonly ConcurrentDictionary<ArchivePath, long> _asked = new();

    /// <summary>Whether enough time has passed since this was asked for. If so, it counts as asked for now.</summary>
    public bool IsDue(ArchivePath asked, TimeSpan interval)
    {
        var now = time.GetTimestamp();
        if (_asked.TryGetValue(asked, out var last) && time.GetElapsedTime(last, now) < interval)
        {
            return false;
        }

        if (_asked.Count >= MaxRemembered)
        {
            _asked.Clear();
        }

        _asked[asked] = now;
        return true;
    }
}
