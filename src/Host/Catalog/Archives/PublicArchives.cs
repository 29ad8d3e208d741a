using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Databases;
using AptP2P.Host.Origins.Connecting;
using Microsoft.Data.Sqlite;

namespace AptP2P.Host.Catalog.Archives;

/// <summary>
/// Whether an archive is for everybody, by what was seen of it: what its name resolved to last, and whether it was asked for with a
/// password. Kept over restarts, since what is stored or comes from peers resolves no name. A host that this daemon never asked is not
/// known to be public.
/// </summary>
internal sealed partial class PublicArchives : BackgroundService
{
    /// <summary>
    /// A machine's archives have some ten hosts. Clients and redirects name hosts; they must not be able to fill memory. The oldest go.
    /// </summary>
    public const int MaxSightings = 2_000;

    private const int Backlog = 1_000; // not yet written; one that finds no room is written when it is seen again

    /// <summary>How long a password is remembered: an archive that has become public since is asked for without.</summary>
    private static readonly TimeSpan PasswordLife = TimeSpan.FromDays(30);

    private static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(1); // for a name that does not resolve

    private static readonly TimeSpan Fresh = TimeSpan.FromDays(1); // what is seen again is written no more often

    private readonly ConcurrentDictionary<(string Host, string Root), ArchiveSighting> _seen = new();
    private readonly Channel<ArchiveSighting> _new = Channel.CreateBounded<ArchiveSighting>(
        new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly Channel<string> _unknown = Channel.CreateBounded<string>(
        new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly ConcurrentDictionary<string, long> _asked = new(); // when, of names that may not resolve
    private readonly CatalogWriter _writer;
    private readonly NameCache _names;
    private readonly TimeProvider _time;
    private readonly ILogger<PublicArchives> _logger;

    public PublicArchives(
        CatalogDatabase database, CatalogWriter writer, NameCache names, TimeProvider time, ILogger<PublicArchives> logger)
    {
        (_writer, _names, _time, _logger) = (writer, names, time, logger);
        Load(database);
        names.Resolved += OnResolved;
    }

    /// <summary>Raised when an archive may have become public, or private. Handlers return at once.</summary>
    public event Action? Changed;

    /// <summary>Whether a host has addresses of the whole internet only; nothing while its name was never resolved.</summary>
    public bool? IsPublic(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var address) ? AddressRules.IsPublic(address)
        : _seen.TryGetValue((host, ""), out var seen) ? seen.IsPublic
        : null;

    /// <summary>Whether a file is below what was asked for with a password, whatever the port.</summary>
    public bool NeedsPassword(string host, string path)
    {
        var since = _time.GetUtcNow() - PasswordLife;
        for (var slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            if (_seen.TryGetValue((host, path[..(slash + 1)]), out var seen) && seen.Time >= since)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An archive's file is asked for with a password.</summary>
    public void AskedWithPassword(Origin origin)
    {
        if (ArchivePath.TryParse(origin, out var path, out _))
        {
            Note(new ArchiveSighting(path.Host, RootOf(path), IsPublic: false, _time.GetUtcNow()));
        }
    }

    /// <summary>Resolves a name in the background. For origins that are asked anyway: others are none of the resolver's business.</summary>
    public void LookUp(string host)
    {
        var now = _time.GetTimestamp();
        if (_asked.TryGetValue(host, out var last) && _time.GetElapsedTime(last, now) < AskAgain)
        {
            return;
        }

        if (_asked.Count >= MaxSightings)
        {
            _asked.Clear(); // at worst, the resolver is asked once more
        }

        _asked[host] = now;
        _unknown.Writer.TryWrite(host);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await KeepNewAsync();
    }

    public override void Dispose()
    {
        _names.Resolved -= OnResolved;
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(KeepAsync(stoppingToken), ResolveAsync(stoppingToken));

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        while (await _new.Reader.WaitToReadAsync(cancellationToken))
        {
            await KeepNewAsync();
        }
    }

    private async Task KeepNewAsync()
    {
        while (_new.Reader.TryRead(out var seen))
        {
            try
            {
                await _writer.WriteAsync(catalog => Write(catalog, seen), CancellationToken.None, changesAnswers: false);
            }
            catch (SqliteException failure)
            {
                LogNotKept(failure.Message);
            }
        }
    }

    private static int Write(SqliteConnection catalog, ArchiveSighting seen)
    {
        catalog.Run(
            "INSERT OR REPLACE INTO sighting (host, root, public, time) VALUES ($1, $2, $3, $4)",
            seen.Host, seen.Root, seen.IsPublic, seen.Time.ToUnixTimeSeconds());
        return catalog.Execute(
            $"""
            DELETE FROM sighting
            WHERE (host, root) NOT IN (SELECT host, root FROM sighting ORDER BY time DESC LIMIT {MaxSightings})
            """);
    }

    private async Task ResolveAsync(CancellationToken cancellationToken)
    {
        await foreach (var host in _unknown.Reader.ReadAllAsync(cancellationToken))
        {
            await _names.FindAsync(host, cancellationToken); // tells us by its event, also when it takes longer than it waits
        }
    }

    /// <summary>
    /// What the same password probably opens: apt's auth.conf names a host or a folder, and what follows is the archive's own.
    /// </summary>
    private static string RootOf(ArchivePath path)
    {
        var directory = path.Directory;
        var dists = directory.IndexOf("/dists/", StringComparison.Ordinal);
        var own = dists >= 0 ? dists : directory.IndexOf("/pool/", StringComparison.Ordinal);
        return directory[..(own < 0 ? directory.Length : own + 1)];
    }

    private void OnResolved(string host, IReadOnlyList<IPAddress> addresses) =>
        Note(new ArchiveSighting(host, "", addresses.All(AddressRules.IsPublic), _time.GetUtcNow()));

    private void Note(ArchiveSighting seen)
    {
        var key = (seen.Host, seen.Root);
        var isKnown = _seen.TryGetValue(key, out var before);
        var isSame = isKnown && before!.IsPublic == seen.IsPublic && (seen.Root.Length == 0 || seen.Time - before.Time < PasswordLife);
        if (isSame && seen.Time - before!.Time < Fresh)
        {
            return;
        }

        if (!isKnown && _seen.Count >= MaxSightings && _seen.MinBy(entry => entry.Value.Time) is var oldest)
        {
            _seen.TryRemove(oldest);
        }

        _seen[key] = seen;
        _new.Writer.TryWrite(seen);
        if (!isSame)
        {
            Changed?.Invoke();
        }
    }

    private void Load(CatalogDatabase database)
    {
        try
        {
            using var connection = database.OpenReader();
            using var command = connection.Prepare("SELECT host, root, public, time FROM sighting");
            using var row = command.ExecuteReader();
            while (row.Read())
            {
                var seen = new ArchiveSighting(
                    row.GetString(0), row.GetString(1), row.GetBoolean(2), DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(3)));
                _seen[(seen.Host, seen.Root)] = seen;
            }
        }
        catch (SqliteException failure)
        {
            LogNotKept(failure.Message);
        }
    }

    [LoggerMessage(1397, LogLevel.Debug, "Which archives are public cannot be kept or read: {Reason}")]
    private partial void LogNotKept(string reason);
}
