using System.Net;
using AptP2P;
using AptP2P.Testing.Conformance;
using AptP2P.Testing.InMemory;
using FlatStore;
using FolderSource;
using Microsoft.Extensions.Options;
using NightPolicy;
using StaticPeers;
using Xunit;

namespace Samples.Tests;

// Each sample keeps what the contract promises: the suites are AptP2P.Testing's, and say how to make the sample.

public sealed class FolderPluginTests : PluginConformance<FolderPlugin>;

public sealed class StaticPeersPluginTests : PluginConformance<StaticPeersPlugin>;

public sealed class NightPluginTests : PluginConformance<NightPlugin>;

public sealed class FlatPluginTests : PluginConformance<FlatPlugin>;

public sealed class FolderSourceTests : SourceConformance, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("folder-source-");

    protected override ISource Source => field ??= new Folders(Options.Create(new FolderOptions { Folders = [_folder.FullName] }));

    protected override async ValueTask<Content> ServeAsync(byte[] bytes)
    {
        var pool = _folder.CreateSubdirectory("pool/main/h");
        await File.WriteAllBytesAsync(Path.Combine(pool.FullName, "hello_1%2.0.deb"), bytes);
        return Named("/debian/pool/main/h/hello_1%252.0.deb", ContentHash.Of(bytes), bytes.Length);
    }

    protected override ValueTask<Content> MissAsync() => new(Named("/debian/pool/main/h/other.deb", ContentHash.Of("other"u8), 5));

    [Theory]
    [InlineData("/hello_1%252.0.deb", 1)]
    [InlineData("/a/b/c/pool/main/h/hello_1%252.0.deb", 1)]
    [InlineData("/pool/main/hello_1%252.0.deb", 0)]
    [InlineData("/pool/main/h/../h/hello_1%252.0.deb", 0)]
    [InlineData("/pool/main%2Fh/hello_1%252.0.deb", 0)]
    public async Task Open_Path_FoundWhereItsEndIsThere(string path, int channels)
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, "hello_1%2.0.deb"), [1, 2], Cancellation);
        _folder.CreateSubdirectory("pool/main/h");
        File.Copy(Path.Combine(_folder.FullName, "hello_1%2.0.deb"), Path.Combine(_folder.FullName, "pool/main/h/hello_1%2.0.deb"));
        File.Delete(Path.Combine(_folder.FullName, path.Count(c => c == '/') > 1 ? "hello_1%2.0.deb" : "pool/main/h/hello_1%2.0.deb"));

        var found = await Source.OpenAsync(Named(path, default, 2), SearchEffort.Search, Cancellation).CountAsync(Cancellation);

        Assert.Equal(channels, found);
    }

    [Fact]
    public async Task Open_WasBlamed_NotAgainUntilItChanges()
    {
        var content = await ServeAsync([1, 2, 3]);
        var channel = await Source.OpenAsync(content, SearchEffort.Search, Cancellation).SingleAsync(Cancellation);

        channel.Blame("wrong");

        Assert.Empty(await Source.OpenAsync(content, SearchEffort.Search, Cancellation).ToArrayAsync(Cancellation));
        File.SetLastWriteTimeUtc(channel.Name, DateTime.UnixEpoch);
        Assert.Single(await Source.OpenAsync(content, SearchEffort.Search, Cancellation).ToArrayAsync(Cancellation));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Content Named(string path, ContentHash hash, long length) =>
        new(hash, length, [new Origin("http", "deb.example.org", 80, path, OriginReach.Public)]);
}

public sealed class StaticPeersTests : PeerLookupConformance
{
    private readonly StaticPeersOptions _options = new();

    protected override IPeerLookup Lookup => field ??= new StaticPeersLookup(
        Options.Create(_options), new PluginContext("", new IPEndPoint(IPAddress.Any, Own.Port)), new ListedAddresses($"{Own.Address}"));

    protected override IPEndPoint Own { get; } = new(IPAddress.Parse("192.0.2.1"), 9977);

    protected override ValueTask<IReadOnlyCollection<IPEndPoint>> AppearAsync(ContentHash hash)
    {
        IPEndPoint[] peers = [new(IPAddress.Parse("192.0.2.2"), 9977), new(IPAddress.Parse("192.0.2.3"), 9977)];
        _options.Peers = [Own, .. peers, peers[0]];
        return new(peers);
    }
}

public abstract class NightTests : SourcePolicyConformance
{
    private static readonly ISourcePolicy Standard = new FixedPolicy(new SourcePlan(Origin: true, PeerUse.Search), "FewPeers");

    protected abstract TimeOnly Now { get; }

    protected override ISourcePolicy Policy => field ??= new Night([Standard], Options.Create(new NightOptions()), new Clock(Now));

    [Fact]
    public void Decide_PeersAndTheStandardWantsTheOrigin_ByNightAlone()
    {
        var plan = Policy.Decide(new FetchState { Length = 1 << 20, HasOrigin = true, Peers = 1, SearchFinished = true });

        Assert.Equal(Now.Hour is < 6 or >= 22, plan.Origin);
    }

    private sealed class Clock(TimeOnly now) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(new DateOnly(2026, 1, 1), now, TimeSpan.Zero);
    }
}

public sealed class NightByDayTests : NightTests
{
    protected override TimeOnly Now => new(12, 0);
}

public sealed class NightByNightTests : NightTests
{
    protected override TimeOnly Now => new(1, 0);
}

public sealed class FlatStoreTests : ContentStoreConformance, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flat-store-");

    protected override ValueTask<IContentStore> OpenStoreAsync() =>
        new(new Flat(Options.Create(new FlatOptions { Folder = _folder.FullName })));

    public void Dispose() => _folder.Delete(recursive: true);
}
