namespace AptP2P.Host.Proxy.Doubts;

/// <summary>The Releases that were looked at on one connection: what they say is not older than what its client knows.</summary>
internal sealed class LookedReleases
{
    /// <summary>More than a machine has. A client may invent them.</summary>
    private const int Max = 100;

    private readonly HashSet<(string Authority, string Directory)> _releases = [];

    /// <summary>A Release is looked at. Requests of a connection come one after the other.</summary>
    /// <returns>Whether it was not before.</returns>
    public bool Add(string authority, string directory)
    {
        if (_releases.Count >= Max)
        {
            _releases.Clear();
        }

        return _releases.Add((authority, directory));
    }
}
