using System.Collections.Concurrent;
using System.Net;
using AptP2P.Host.Catalog.Identifying;
using AptP2P.Host.Catalog.Metadata;
using AptP2P.Host.Catalog.Refresh;
using AptP2P.Host.Origins.Http;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Host.Proxy.Indexes;
using AptP2P.Host.Proxy.Metadata;

namespace AptP2P.Host.Proxy.Doubts;

/// <summary>
/// Whether a name still means what is stored. An archive may build a package anew under its name, and a client may have heard of that
/// elsewhere: it updated while the daemon was down, or before it used the daemon. apt refuses the old bytes. So the first stored file of a
/// connection waits for what the Release that names it says, as apt would wait for the mirror; for a mirror that is away, nobody waits. If
/// a client asks again for what it was just given, or says <c>no-cache</c>, the archive itself is asked.
/// </summary>
internal sealed class NameDoubt(
    StoredDoubt repeats, ArchiveCatalog catalog, ReleaseOrigins releases, CatalogRefresh refresh, AptLists lists,
    MetadataQuestions questions, IndexBacklog backlog, FailoverClient origins, OriginHealth health, TimeProvider time)
{
    /// <summary>
    /// How many times as long as a look took the next one has to wait: clients that open a connection for each file wait a twentieth of
    /// their time at most, and a mirror that gives a whole InRelease each time is asked for less.
    /// </summary>
    private const int Pause = 20;

    /// <summary>Releases whose last look is remembered. Bounds health.</summary>
    private const int MaxLooks = 1_000;

    private readonly ConcurrentDictionary<(string Authority, string Directory), (long Ended, TimeSpan Took)> _looks = new();

    /// <summary>
    /// A client asks for a file that changes under its name. If it is a Release, then what rests on it is not in doubt on this connection.
    /// </summary>
    public static void Looks(HttpContext context, Origin origin)
    {
        if (ReleaseOrigins.DirectoryOf(origin) is { } directory)
        {
            context.Features.Get<LookedReleases>()?.Add(origin.Authority, directory);
        }
    }

    /// <summary>Whether a file has become another one under its name.</summary>
    /// <param name="context">The request.</param>
    /// <param name="origin">The file.</param>
    /// <param name="stored">What it was known to be when the request came.</param>
    public async ValueTask<bool> IsOutdatedAsync(HttpContext context, Origin origin, ContentHash stored)
    {
        if (health.IsAway(origin.Authority))
        {
            return !catalog.IsStill(origin, stored);
        }

        if (repeats.IsAskedAgain(context, stored) || AsksTheArchive(context, origin))
        {
            await backlog.WaitAsync([refresh.Doubt(origin)], context.RequestAborted);
            return !catalog.IsStill(origin, stored)
                && (catalog.IdentifyAhead(origin) is not null || !await IsGoneAsync(origin, context.RequestAborted));
        }

        if (context.Features.Get<LookedReleases>() is { } looked)
        {
            foreach (var directory in catalog.ReleasesOf(origin))
            {
                if (looked.Add(origin.Authority, directory) && IsDue((origin.Authority, directory)))
                {
                    await LookAsync(context, origin, directory);
                }
            }
        }

        return !catalog.IsStill(origin, stored);
    }

    /// <summary>The archive has another file by this name than what was learned says.</summary>
    public void Contradicts(Origin origin) => refresh.Doubt(origin);

    /// <summary>
    /// Whether the client wants to know what the archive has (RFC 9111, section 5.2.1). apt says <c>max-age=0</c> of each index by habit.
    /// </summary>
    private bool AsksTheArchive(HttpContext context, Origin origin) =>
        HttpMethods.IsGet(context.Request.Method)
        && context.Request.Headers.CacheControl.Count > 0
        && context.Request.GetTypedHeaders().CacheControl is { } wish
        && (wish.NoCache || (wish.MaxAge == TimeSpan.Zero && !catalog.IsIndex(origin)));

    /// <summary>
    /// Whether the archive has no file by a name that its index no longer has, as a mirror has that is behind the others: then the stored
    /// file is better than nothing.
    /// </summary>
    private async Task<bool> IsGoneAsync(Origin origin, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await origins.GetAsync(origin, cancellationToken);
            return response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone;
        }
        catch (HttpRequestException)
        {
            return true; // so it could not give it either
        }
    }

    private bool IsDue((string, string) release) =>
        !_looks.TryGetValue(release, out var last) || time.GetElapsedTime(last.Ended) >= last.Took * Pause;

    private async Task LookAsync(HttpContext context, Origin origin, string directory)
    {
        var start = time.GetTimestamp();
        if (IPAddress.IsLoopback(context.Connection.RemoteIpAddress!))
        {
            await backlog.WaitAsync([lists.LookAsync(CancellationToken.None)], context.RequestAborted); // apt's own, which may be newer
        }

        if (releases.Find(origin, directory) is { } release)
        {
            await questions.LookAsync(release, context.RequestAborted);
            if (releases.FindMissingSignature(release) is { } signature)
            {
                await questions.LookAsync(signature, context.RequestAborted);
            }
        }

        if (_looks.Count >= MaxLooks)
        {
            _looks.Clear();
        }

        _looks[(origin.Authority, directory)] = (time.GetTimestamp(), time.GetElapsedTime(start));
    }
}
