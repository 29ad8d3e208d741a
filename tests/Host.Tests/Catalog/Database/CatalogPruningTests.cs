using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Databases;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Catalog.Database;

/// <summary>What a catalog forgets.</summary>
public sealed class CatalogPruningTests : IDisposable
{
    private readonly CatalogUnderTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task PruneAsync_ReplacedLongAgo_IsForgottenAndTheLastStateStays()
    {
        byte[][] states =
        [
            Packages(("pool/a_1.deb", Hash("1"), 1), ("pool/b.deb", Hash("b"), 1)),
            Packages(("pool/a_2.deb", Hash("2"), 1), ("pool/b.deb", Hash("b"), 1)),
        ];
        foreach (var state in states)
        {
            await _test.LearnAsync(Suite, IndexName, state);
        }

        await PruneAsync();
        Assert.Equal([true, true], states.Select(state => IsKnown($"{Suite}main/binary-amd64/by-hash/SHA256/{ContentHash.Of(state)}")));
        Assert.Equal(2, _test.Database.Reader.Scalar<long>("SELECT count(*) FROM file")); // what was read before tells nothing any more

        _test.Time.Advance(TimeSpan.FromDays(31));
        await PruneAsync();
        Assert.Equal([false, true], states.Select(state => IsKnown($"{Suite}main/binary-amd64/by-hash/SHA256/{ContentHash.Of(state)}")));
        Assert.Equal([true, true], ((string[])["a_2", "b"]).Select(name => IsKnown($"http://deb.example/debian/pool/{name}.deb")));
        Assert.Single(_test.Indexes.FindByName(new ArchivePath("http", "deb.example", 80, "/debian/dists/bookworm/" + IndexName)));
    }

    [Fact]
    public async Task PruneAsync_MoreSuitesThanTheLimit_ForgetsTheOldest()
    {
        for (var number = 0; number <= CatalogQuota.MaxSuites; number++)
        {
            await _test.Learning.LearnReleaseAsync(
                Origin($"http://deb.example/{number}/InRelease"), Release(("Contents", [1])), Cancellation);
            _test.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await PruneAsync();
        Assert.False(_test.Catalog.IsMetadata(Origin("http://deb.example/0/Contents")));
        Assert.True(_test.Catalog.IsMetadata(Origin("http://deb.example/1/Contents")));
    }

    private bool IsKnown(string url) => _test.Catalog.Identify(Origin(url)) is not null;

    private Task<int> PruneAsync() => _test.Pruning.PruneAsync(_test.Time.GetUtcNow() - TimeSpan.FromDays(30), Cancellation);
}
