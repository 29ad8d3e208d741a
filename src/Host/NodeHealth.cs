using AptP2P.Host.Plugins.Guarding;

namespace AptP2P.Host;

/// <summary>
/// Whether apt is better off without this daemon. A mirror that is away is no reason: copies and peers serve then, and apt by itself would
/// get nothing. Nor is a full disk: files are passed on as they come.
/// </summary>
internal sealed class NodeHealth(IEnumerable<ISource> sources, IHostApplicationLifetime lifetime)
{
    /// <summary>Whether anything that gets files from mirrors works. Without it every file waits in vain for peers.</summary>
    public bool HasOrigins => sources.Any(static source => source.Role == SourceRole.Origin && source is not SourceGuard { Works: false });

    /// <summary>Why it is; none while it is not.</summary>
    public IReadOnlyList<string> Reasons => [.. FindReasons()];

    private IEnumerable<string> FindReasons()
    {
        if (!HasOrigins)
        {
            yield return "no plugin that gets files from mirrors works (Source.Mirror)";
        }

        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            yield return "it is stopping";
        }
    }
}
