using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Catalog.Suites;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AptP2P.Bench.Index;

/// <summary>Runs in a process of its own: opens a new catalog, then learns one index as the daemon does.</summary>
internal static class Learning
{
    public static async Task<string> MeasureAsync(string file)
    {
        using var folder = new WorkFolder();
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var database = new CatalogDatabase(folder.Path, NullLogger<CatalogDatabase>.Instance);
        using var reader = new CatalogReader(database);
        using var writer = new CatalogWriter(database);
        var (quota, time) = (new CatalogQuota(), TimeProvider.System);
        using var catalog = new CatalogLearning(
            new KnownIndexes(reader), new ReleaseWriter(writer, quota, time), new IndexWriter(writer, quota, time),
            new LearningMetrics(services.GetRequiredService<IMeterFactory>()), time, NullLogger<CatalogLearning>.Instance);

        var bytes = await File.ReadAllBytesAsync(file);
        var hash = ContentHash.Of(bytes);
        const string Suite = "/debian/dists/stable/";
        var origin = new Origin("http", "ftp.us.debian.org", 80, $"{Suite}InRelease", OriginReach.Local);
        var release = System.Text.Encoding.UTF8.GetBytes(
            $"Suite: stable\nSHA256:\n {hash} {bytes.Length} main/binary-amd64/{Path.GetFileName(file)}\n");
        await catalog.LearnReleaseAsync(origin, release, CancellationToken.None);
        bytes = [];
        GC.Collect();

        var before = Memory();
        var cpu = Cpu();
        var start = Stopwatch.GetTimestamp();
        var result = await catalog.LearnIndexAsync(
            origin with
            {
                RawPath = $"{Suite}main/binary-amd64/{Path.GetFileName(file)}",
            },
            hash,
            () => ValueTask.FromResult<Stream>(File.OpenRead(file)),
            CancellationToken.None);
        var elapsed = Stopwatch.GetElapsedTime(start);
        if (result.Outcome != LearnOutcome.Learned)
        {
            throw new InvalidOperationException(result.ToString());
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{elapsed.TotalSeconds} {(Cpu() - cpu).TotalSeconds} {Memory() - before} {result.Entries} "
            + $"{new FileInfo(database.Writer.DataSource).Length}");
    }

    private static TimeSpan Cpu()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }

    /// <summary>The most that was resident so far, in bytes (proc(5), VmHWM).</summary>
    private static long Memory() =>
        1024
        * long.Parse(
            File.ReadLines("/proc/self/status")
                .First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture);
}
