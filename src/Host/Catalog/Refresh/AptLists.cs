using AptP2P.Host.Apt.Fields;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Catalog.Signatures;
using AptP2P.Host.Catalog.Suites;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Catalog.Refresh;

/// <summary>
/// Reads apt's own lists, at the start and whenever they change: with unchanged indexes apt asks for packages only, so a daemon that was
/// installed after the last update would know nothing.
/// </summary>
internal sealed partial class AptLists(
    CatalogLearning learning, KnownSuites suites, KnownIndexes indexes, IOptions<AptListsOptions> options, TimeProvider time,
    ILogger<AptLists> logger) : BackgroundService
{
    /// <summary>Real machines have some hundred. Only bounds what a look takes.</summary>
    private const int MaxFiles = 10_000;

    private readonly SemaphoreSlim _one = new(1, 1);
    private HashSet<(string, long, DateTime)> _seen = [];

    /// <summary>Looks once, and learns what changed since the last look.</summary>
    /// <returns>How many indexes were learned.</returns>
    public async Task<int> ReadAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return await ReadChangedAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The same where it is no matter if that fails now.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SqliteException)
        {
            LogUnreadable(options.Value.AptLists, failure.Message); // apt may be moving them at this moment: the next look will do
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _one.Dispose();
    }

    private async Task<int> ReadChangedAsync(CancellationToken cancellationToken)
    {
        var files = List();
        var stamps = files.Select(file => (file.Name, file.Length, file.LastWriteTimeUtc)).ToHashSet();
        if (stamps.SetEquals(_seen))
        {
            return 0;
        }

        var learned = 0;
        var lists = files.Select(file => (File: file, Path: AptListName.TryParse(file.Name))).Where(list => list.Path is not null).ToList();
        foreach (var (file, path) in lists.Where(list => SuitePath.IsRelease(list.Path!.Value.Path, out var isSignature) && !isSignature))
        {
            learned += await LearnSuiteAsync(path!.Value, file, lists, cancellationToken);
        }

        _seen = stamps;
        if (learned > 0)
        {
            LogLearned(learned, options.Value.AptLists);
        }

        return learned;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.AptLists.Length == 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.Value.AptListsInterval, time);
        do
        {
            await LookAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private List<FileInfo> List()
    {
        var folder = options.Value.AptLists.Length == 0 ? null : new DirectoryInfo(options.Value.AptLists);
        return folder is { Exists: true } ? [.. folder.EnumerateFiles().Where(file => file.Length > 0).Take(MaxFiles)] : [];
    }

    private async Task<int> LearnSuiteAsync(
        ArchivePath release, FileInfo file, List<(FileInfo File, ArchivePath? Path)> lists, CancellationToken cancellationToken)
    {
        if (file.Length > ReadingLimits.ReleaseLength)
        {
            return 0;
        }

        await learning.LearnReleaseAsync(
            release, await File.ReadAllBytesAsync(file.FullName, cancellationToken), ReleaseTrust.Unknown, settles: false,
            cancellationToken);
        var suite = suites.Find(release with { Path = release.Directory });
        if (suite is null)
        {
            return 0;
        }

        var named = indexes.FindCurrent(suite).ToLookup(index => index.Slot);
        var learned = 0;
        foreach (var list in lists.Where(list => (list.Path!.Value with { Path = release.Path }) == release))
        {
            // apt keeps them compressed in its own way, if at all, so only the slot is the same, and the hash of the text.
            var compressions = named[KnownIndex.SlotOf(list.Path!.Value.Path)].OrderBy(index => index.IsCompressed).ToList();
            if (compressions.Count == 0)
            {
                continue;
            }

            var result = await learning.LearnListAsync(release, compressions[0], compressions[0].IsCompressed ? null : compressions[0].Hash,
                () => ValueTask.FromResult<Stream>(list.File.OpenRead()), cancellationToken);
            learned += result.Outcome == LearnOutcome.Learned ? 1 : 0;
        }

        return learned;
    }

    [LoggerMessage(1320, LogLevel.Information, "{Count} indexes were learned from apt's lists in {Folder}")]
    private partial void LogLearned(int count, string folder);

    [LoggerMessage(1321, LogLevel.Information, "apt's lists in {Folder} cannot be read now: {Reason}")]
    private partial void LogUnreadable(string folder, string reason);
}
