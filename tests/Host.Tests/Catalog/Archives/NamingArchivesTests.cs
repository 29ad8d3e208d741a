using System.Text;
using AptP2P.Host.Catalog.Archives;
using AptP2P.Host.Storage.Space;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Catalog.Archives;

public sealed class NamingArchivesTests : IDisposable
{
    private readonly CatalogUnderTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task KindsOf_WhatIndexesName_ByWhatTheyNameItAs()
    {
        var packages = Packages(("pool/a.deb", Hash("a"), 1), ("pool/b.udeb", Hash("b"), 1));
        var sources = Encoding.UTF8.GetBytes(
            $"Package: c\nDirectory: pool\nChecksums-Sha256:\n {Hash("c")} 1 c.dsc\n {Hash("d")} 1 c.tar.xz\n\n");
        await _test.LearnAsync(Suite, IndexName, packages);
        await _test.LearnAsync(Suite.Replace("bookworm", "trixie", StringComparison.Ordinal), "main/source/Sources", sources);

        var kinds = new NamingArchives(_test.Database).KindsOf(
            new HashSet<ContentHash>
            {
                Hash("a"), Hash("b"), Hash("c"), Hash("d"), ContentHash.Of(packages), ContentHash.Of(sources), Hash("unnamed"),
            });

        Assert.Equal(
            new Dictionary<ContentHash, ContentKind>
            {
                [Hash("a")] = ContentKind.Packages,
                [Hash("b")] = ContentKind.Packages,
                [Hash("c")] = ContentKind.Sources,
                [Hash("d")] = ContentKind.Sources,
                [ContentHash.Of(packages)] = ContentKind.Indexes,
                [ContentHash.Of(sources)] = ContentKind.Indexes,
            },
            kinds);
    }
}
