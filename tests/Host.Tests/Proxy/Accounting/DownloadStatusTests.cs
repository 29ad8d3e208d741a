using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Testing.Conformance;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Proxy.Accounting;

public sealed class DownloadStatusTests : StatusSectionConformance, IAsyncLifetime
{
    private const int Length = 2_000_000;
    private const int StallAt = 1_500_000;

    private readonly HttpClient _apt = new();
    private ProxyRig _rig = null!;

    protected override IStatusSection Section =>
        _rig.Services.GetServices<IStatusSection>().Single(section => section.Key == "downloads");

    public async ValueTask InitializeAsync() => _rig = await ProxyRig.StartAsync("127.22.31.4");

    public async ValueTask DisposeAsync()
    {
        _apt.Dispose();
        await _rig.DisposeAsync();
    }

    [Fact]
    public async Task Read_WhileAFetchRuns_ItIsThereWithWhatItHas()
    {
        var package = (await _rig.PublishAsync(count: 1, Length))[0];
        package.Channel.Otherwise = new ChannelAct { StallAt = StallAt };
        var download = GetAsync(package);
        await package.Channel.StalledAsync(ProxyRig.Cancellation);

        var row = Assert.Single(await RowsAsync("running"));
        package.Channel.Release();
        Assert.Equal(package.Bytes, await download);
        await StoredAsync(package);

        Assert.Equal(
            ("p0.deb", (long)Length, (long)StallAt, 0L, 0L, (long)StallAt, 0, 1, 4, 2),
            (row["file"], row["size"], row["done"], row["store"], row["peers"], row["mirror"], row["peersWorking"], row["mirrorWorking"],
                row["pieces"], row["piecesDone"]));
        Assert.Empty(await RowsAsync("running"));
    }

    [Fact]
    public async Task Read_ManyFetches_TheNewestAreShown()
    {
        var packages = await _rig.PublishAsync(count: 60);
        Assert.All(packages, package => package.Channel.Otherwise = ChannelAct.Stall(after: 10));
        var readers = new List<IAsyncDisposable?>();
        foreach (var package in packages)
        {
            readers.Add(await _rig.Fetcher.JoinAsync(Content(package), ProxyRig.Cancellation));
        }

        var rows = await RowsAsync("running");

        Assert.Equal(50, rows.Count);
        Assert.Equal(packages[^1].Name, rows[0]["file"]);
        foreach (var reader in readers)
        {
            await reader!.DisposeAsync();
        }
    }

    [Fact]
    public async Task Read_AfterAnswers_EachHasItsRunAndItsName()
    {
        var index = Packages(("pool/x.deb", ContentHash.Of("x"u8), 1L));
        var learning = _rig.Services.GetRequiredService<CatalogLearning>();
        await learning.LearnReleaseAsync(
            Origin("http://archive.test/debian/dists/bookworm/InRelease"), Release(("main/binary-amd64/Packages", index)),
            ProxyRig.Cancellation);
        var hash = ContentHash.Of(index);
        _rig.Mirror.Add(hash, new InMemoryChannel("archive.test", index)).EndSearch(hash);
        var package = (await _rig.PublishAsync(count: 1))[0];
        using var client = new NetworkStream(await _rig.ConnectAsync(), ownsSocket: true);
        var path = $"/archive.test/debian/dists/bookworm/main/binary-amd64/by-hash/SHA256/{hash}";
        var byHash = $"GET {path} HTTP/1.1\r\nHost: {_rig.EndPoint}\r\n\r\n";

        // the last is only asked for so that all before it are counted
        foreach (var request in (string[])[byHash, _rig.Get(package), _rig.Get(package), _rig.Get(package)])
        {
            await client.WriteAsync(Encoding.ASCII.GetBytes(request), ProxyRig.Cancellation);
            Assert.Equal(200, Assert.Single(await ProxyRig.ReadAsync(client, count: 1)).Status);
            await (_rig.Fetcher.Find(package.Hash)?.Outcome ?? Task.CompletedTask); // from the store, the next time
        }

        var recent = await RowsAsync("recent");
        var run = Assert.Single(await RowsAsync("runs"));
        Assert.Equal(["p0.deb", "p0.deb", "Packages of bookworm/main amd64"], recent.TakeLast(3).Select(row => row["name"]));
        Assert.All(recent, row => Assert.Equal(run["run"], row["run"]));
        Assert.Equal(("this machine", "both", true, 0), (run["client"], run["kind"], run["active"], run["sources"]));
        Assert.InRange((long)run["files"]!, 3, 4);
        Assert.Equal(index.Length + 100L, run["mirror"]);
    }

    [Fact]
    public async Task Read_MirrorInTrouble_IsAProblemUntilItAnswers()
    {
        var packages = await _rig.PublishAsync(count: 2);
        packages[0].Channel.Otherwise =
            ChannelAct.Fail(ChannelOutcome.Busy) with { Answer = new OriginAnswer(503, "tired", HasBody: true) };
        using (var answer = await _apt.GetAsync(UrlOf(packages[0]), ProxyRig.Cancellation))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }

        var problem = Assert.Single(await ProblemsAsync(problems => problems.Any(one => one.Severity == ProblemSeverity.Error)));
        Assert.Equal(("mirrorAway", ProblemSeverity.Error), (problem.Key, problem.Severity));
        Assert.Matches("^archive[.]test has not answered since [0-9:]{5}; apt got 1 error$", problem.Label);

        await GetAsync(packages[1]);
        await (_rig.Fetcher.Find(packages[1].Hash)?.Ended ?? Task.CompletedTask);

        Assert.Empty(await ProblemsAsync(problems => problems.Length == 0));
    }

    [Fact]
    public async Task Read_MirrorThatIsNotThere_IsAProblem()
    {
        using (var answer = await _apt.GetAsync(
            new Uri($"http://{_rig.EndPoint}/127.22.31.5:1/debian/dists/stable/InRelease"), ProxyRig.Cancellation))
        {
            Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        }

        var problem = Assert.Single(await ProblemsAsync(problems => problems.Length > 0));
        Assert.StartsWith("127.22.31.5:1 has not answered", problem.Label, StringComparison.Ordinal);
    }

    /// <summary>The problems, once they are as they are to be: an answer is counted when its client has it already.</summary>
    private async Task<StatusProblem[]> ProblemsAsync(Predicate<StatusProblem[]> areThere)
    {
        while (true)
        {
            ProxyRig.Cancellation.ThrowIfCancellationRequested();
            StatusProblem[] problems = [.. (await ReadAsync()).OfType<StatusProblem>()];
            if (areThere(problems))
            {
                return problems;
            }

            await Task.Yield();
        }
    }

    private async Task<byte[]> GetAsync(ProxyPackage package) => await _apt.GetByteArrayAsync(UrlOf(package), ProxyRig.Cancellation);

    private Uri UrlOf(ProxyPackage package) => new($"http://{_rig.EndPoint}/archive.test/debian/pool/{package.Name}");

    private async Task StoredAsync(ProxyPackage package)
    {
        await using var stored = await _rig.Fetcher.FetchAsync(Content(package), ProxyRig.Cancellation);
        Assert.NotNull(stored);
    }

    private static Content Content(ProxyPackage package) =>
        new(package.Hash, package.Bytes.Length, [Origin($"http://archive.test/debian/pool/{package.Name}")]);

    private ValueTask<IReadOnlyList<StatusItem>> ReadAsync() => Section.ReadAsync(ProxyRig.Cancellation);

    private async Task<IReadOnlyList<Dictionary<string, object?>>> RowsAsync(string key)
    {
        var table = (await ReadAsync()).OfType<StatusTable>().Single(table => table.Key == key);
        return [.. table.Rows.Select(row => ToDictionary(table.Columns, row))];
    }

    private static Dictionary<string, object?> ToDictionary(ImmutableArray<StatusColumn> columns, ImmutableArray<object?> row) =>
        columns.Zip(row).ToDictionary(pair => pair.First.Key, pair => pair.Second);
}
