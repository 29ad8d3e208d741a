using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Origins;

/// <summary>Which origins were in trouble lately, so that not every file finds it out anew.</summary>
internal sealed class OriginMemory(IOptions<OriginsOptions> options, TimeProvider time)
{
    private const int MaxEntries = 1_000; // origins are named by clients; they must not be able to fill memory

    private readonly ConcurrentDictionary<string, long> _troubled = new();

    /// <summary>It failed, stalled or trickled.</summary>
    /// <param name="authority"><see cref="Origin.Authority"/>.</param>
    public void WasInTrouble(string authority)
    {
        if (_troubled.Count >= MaxEntries)
        {
            _troubled.Clear(); // at worst, it is found out once more
        }

        _troubled[authority] = time.GetTimestamp();
    }

    public bool IsTroubled(string authority) =>
        _troubled.TryGetValue(authority, out var since) && time.GetElapsedTime(since) < options.Value.Avoid;
}
