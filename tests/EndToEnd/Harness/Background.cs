using System.Net;

namespace AptP2P.EndToEnd.Harness;

/// <summary>Waits for what daemons do on their own after apt has been served.</summary>
internal static class Background
{
    // Another process gives no signal when its background work is done, so its status is asked again and again.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private const int ReleasePackagesAndSources = 3;

    /// <summary>
    /// Waits until a daemon's DHT node has been told of everything that the others store. So few nodes are all among the nearest to each
    /// key, so each is told of everything.
    /// </summary>
    public static async Task LearnsOfAsync(this Daemon daemon, params IReadOnlyList<Daemon> others)
    {
        await UntilAsync(async () =>
        {
            var announced = await Task.WhenAll(others.Select(other => NumberAsync(other, "dht", "announced")));
            var stored = others.Select(other => (long)other.StoredFiles).ToArray();
            var told = await NumberAsync(daemon, "dht", "storedContacts");
            return announced.Zip(stored).All(pair => pair.First >= pair.Second) && told >= stored.Sum()
                ? null
                : $"the others store {string.Join(", ", stored)} files, "
                    + $"announced {string.Join(", ", announced)}, and {told} contacts have come";
        });
    }

    /// <summary>
    /// Waits until a daemon has read the Release and the indexes that an update has brought, so that it knows all packages.
    /// </summary>
    public static async Task LearnsAsync(this Daemon daemon, int files = ReleasePackagesAndSources) => await UntilAsync(async () =>
        await NumberAsync(daemon, "catalog", "learned") is var learned && learned >= files ? null : $"it has learned {learned} of {files}");

    /// <summary>Waits until files that apt has are in the store too: apt has the last byte a moment before.</summary>
    public static async Task StoresAsync(this Daemon daemon, params IReadOnlyCollection<RepositoryPackage> packages) =>
        await UntilAsync(() =>
            Task.FromResult(packages.Any(package => !File.Exists(daemon.StoredFile(package))) ? "not all is stored" : null));

    /// <summary>Waits until a file is given from the store: it lies there a moment before the fetch that brought it has ended.</summary>
    public static async Task GivesFromStoreAsync(this HttpClient client, Uri address) => await UntilAsync(async () =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, address);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.Headers.TryGetValues("X-Cache", out var from) && from.Single() == "HIT" ? null : "it is not given from the store";
    });

    /// <inheritdoc cref="StoresAsync(Daemon, IReadOnlyCollection{RepositoryPackage})"/>
    public static async Task StoresAsync(this Daemon daemon, int files) => await UntilAsync(() =>
        Task.FromResult(daemon.StoredFiles is var stored && stored < files ? $"{stored} of {files} files are stored" : null));

    /// <summary>Waits until it has told the DHT of something.</summary>
    public static async Task AnnouncesAsync(this Daemon daemon) => await UntilAsync(async () =>
        await NumberAsync(daemon, "dht", "announced") > 0 ? null : "nothing is announced");

    /// <summary>Waits until it tells the DHT of so many files, and of no more.</summary>
    public static async Task AnnouncesAsync(this Daemon daemon, int files) => await UntilAsync(async () =>
        await NumberAsync(daemon, "dht", "announced") is var announced && announced == files ? null : $"{announced} are announced");

    /// <summary>Waits until it knows a node of the DHT that answers.</summary>
    public static async Task KnowsNodesAsync(this Daemon daemon) => await UntilAsync(async () =>
        await NumberAsync(daemon, "dht", "nodesV4") > 0 ? null : "it knows no node");

    /// <summary>Waits until it says by which ways its nodes were found.</summary>
    public static async Task HasNodesFoundByAsync(this Daemon daemon, string ways) => await UntilAsync(async () =>
        (await daemon.StatusAsync())["network"]!["foundBy"]?.GetValue<string>() is var said && said == ways ? null : $"found by {said}");

    /// <summary>Waits until it has looked for others in what it takes for Mainline.</summary>
    public static async Task LooksIntoMainlineAsync(this Daemon daemon) => await UntilAsync(async () =>
        await NumberAsync(daemon, "network", "mainlineDatagrams") > 1 ? null : "nothing was asked in Mainline");

    /// <summary>Waits until it has found neighbours on its network.</summary>
    public static async Task KnowsNeighboursAsync(this Daemon daemon, int count) => await UntilAsync(async () =>
        await NumberAsync(daemon, "lan", "neighbours") is var known && known < count ? $"it knows {known} neighbours" : null);

    /// <summary>Waits until it has found out why no port can be mapped.</summary>
    public static async Task MapsNothingAsync(this Daemon daemon, string reason) => await UntilAsync(async () =>
        (await daemon.StatusAsync())["ports"]!["reason"]?.GetValue<string>() is var said && said == reason ? null : said ?? "no reason");

    /// <summary>Waits until others have found out whether they reach it.</summary>
    public static async Task IsReachedAsync(this Daemon daemon, string word) => await UntilAsync(async () =>
        (await daemon.StatusAsync())["network"]!["ipv4Reachable"]!.GetValue<string>() is var said && said == word ? null : said);

    /// <summary>Waits until no connection stands that somebody has made to it.</summary>
    public static async Task IsLeftAsync(this Daemon daemon) =>
        await UntilAsync(() =>
            Task.FromResult(
                ProcessUse.ConnectionsTo(IPEndPoint.Parse(daemon.EndPoint)) is var connections and > 0
                    ? $"{connections} connections stand"
                    : null));

    /// <summary>Waits until somebody has announced these files to a node.</summary>
    public static async Task HearsOfAsync(this ListeningNode node, IReadOnlyCollection<RepositoryPackage> packages) =>
        await UntilAsync(() => Task.FromResult(packages.All(node.WasToldOf) ? null : "not all was announced"));

    /// <summary>Waits until the DHT or the LAN has dropped what was not for it.</summary>
    public static async Task DropsAsync(this Daemon daemon, string section) => await UntilAsync(async () =>
        await NumberAsync(daemon, section, "dropped") > 0 ? null : "nothing is dropped");

    /// <summary>Waits until its status names a neighbour.</summary>
    public static async Task FindsNeighbourAsync(this Daemon daemon, string endPoint) => await UntilAsync(async () =>
        (await daemon.StatusAsync())["lan"]!["endPoints"]!.AsArray() is var found
        && found.Any(neighbour => neighbour!["endPoint"]!.GetValue<string>() == endPoint)
            ? null
            : $"its neighbours are {found.ToJsonString()}\n{daemon.Output}");

    private static async Task UntilAsync(Func<Task<string?>> findWhatIsMissing)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (await findWhatIsMissing() is { } missing)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Command.Patience, missing);
            await Task.Delay(Step, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<long> NumberAsync(Daemon daemon, string section, string key) =>
        (await daemon.StatusAsync())[section]![key]!.GetValue<long>();
}
