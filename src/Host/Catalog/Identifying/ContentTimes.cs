using System.Collections.Concurrent;
using System.Threading.Channels;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Databases;
using AptP2P.Host.Fetching;
using Microsoft.Data.Sqlite;

namespace AptP2P.Host.Catalog.Identifying;

/// <summary>
/// When contents were last modified: as their origin said when it gave them, else when they came into the store. Kept, since <c>wget -N</c>
/// and the mirror programs that use it compare it with what they have, and fetch again what is newer or has no date at all.
/// </summary>
internal sealed partial class ContentTimes(
    CatalogReader reader, CatalogWriter writer, Fetcher fetcher, TimeProvider time, ILogger<ContentTimes> logger) : BackgroundService
{
    private const int MaxTimes = 200_000; // some 10 MB, and more than a store holds; the oldest go, and are as if they had no date
    private const int MaxRecent = 4_096; // a megabyte; clients choose the contents
    private const int Backlog = 10_000; // one that finds no room has no date after the next restart
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1); // a transaction for each of many small files costs more than they do

    private readonly SqliteCommand _time = reader.Prepare("SELECT time FROM modified WHERE sha256 = $1", SqliteType.Blob);
    private readonly ConcurrentDictionary<ContentHash, ContentValidators> _recent = new();
    private readonly Channel<(ContentHash Hash, DateTimeOffset Time)> _new = Channel.CreateBounded<(ContentHash, DateTimeOffset)>(
        new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>What is known of a content, stored or not.</summary>
    public ContentValidators Of(ContentHash hash) =>
        _recent.TryGetValue(hash, out var known) ? known : Remember(hash, new ContentValidators(hash, Read(hash)), isNew: false);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        fetcher.Published += OnPublished; // before the first request, which ExecuteAsync need not be
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _new.Reader.WaitToReadAsync(stoppingToken))
            {
                await KeepAsync();
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await KeepAsync();
        }
        finally
        {
            fetcher.Published -= OnPublished;
        }
    }

    private void OnPublished(Content content, PieceList? pieces)
    {
        if (Of(content.Hash).Modified is null)
        {
            var now = time.GetUtcNow();
            // RFC 9110, section 8.8.2.1
            var told = fetcher.Find(content.Hash)?.LastModified is { } modified && modified < now ? modified : now;
            var whole = DateTimeOffset.FromUnixTimeSeconds(told.ToUnixTimeSeconds());
            Remember(content.Hash, new ContentValidators(content.Hash, whole), isNew: true);
            _new.Writer.TryWrite((content.Hash, whole));
        }
    }

    private ContentValidators Remember(ContentHash hash, ContentValidators validators, bool isNew)
    {
        if (_recent.Count >= MaxRecent)
        {
            _recent.Clear();
        }

        return isNew ? _recent[hash] = validators : _recent.GetOrAdd(hash, validators);
    }

    private DateTimeOffset? Read(ContentHash hash)
    {
        try
        {
            lock (reader.Lock)
            {
                return _time.With(hash.ToArray()).ExecuteScalar() is long seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
            }
        }
        catch (SqliteException e)
        {
            LogNotKept(e.Message);
            return null;
        }
    }

    private static int Write(SqliteConnection catalog, List<(ContentHash Hash, DateTimeOffset Time)> times)
    {
        using var insert = catalog.Prepare(
            "INSERT INTO modified (sha256, time) VALUES ($1, $2) ON CONFLICT DO NOTHING", SqliteType.Blob, SqliteType.Integer);
        foreach (var (hash, modified) in times)
        {
            insert.With(hash.ToArray(), modified.ToUnixTimeSeconds()).ExecuteNonQuery();
        }

        return catalog.Execute($"DELETE FROM modified WHERE id <= (SELECT max(id) FROM modified) - {MaxTimes}");
    }

    private async Task KeepAsync()
    {
        var batch = new List<(ContentHash, DateTimeOffset)>();
        while (_new.Reader.TryRead(out var next))
        {
            batch.Add(next);
        }

        try
        {
            await writer.WriteAsync(catalog => Write(catalog, batch), CancellationToken.None, changesAnswers: false);
        }
        catch (SqliteException e)
        {
            LogNotKept(e.Message);
        }
    }

    [LoggerMessage(1398, LogLevel.Debug, "Times of last modification cannot be kept or read: {Reason}")]
    private partial void LogNotKept(string reason);
}
