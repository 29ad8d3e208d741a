using AptP2P.Host.Catalog.Refresh;
using AptP2P.Host.Catalog.Suites;
using Xunit;

namespace AptP2P.Host.Tests.Catalog.Refresh;

public sealed class WantedIndexesTests
{
    private static readonly KnownIndex[] Debian =
    [
        .. from component in (string[])["main", "contrib"]
        from directory in (string[])["binary-amd64", "binary-arm64", "source"]
        from name in (string[])(
            directory == "source" ? ["Sources", "Sources.gz", "Sources.xz"] : ["Packages", "Packages.gz", "Packages.xz", "Release"])
        select Named(
            $"/debian/dists/sid/{component}/{directory}/",
            name,
            name.EndsWith("xz") ? 10
                : name.EndsWith("gz") ? 20
                : 5),
        Named("/debian/dists/sid/main/i18n/", "Translation-en.xz", 1),
    ];

    [Theory]
    [InlineData("/debian/pool/main/a/a_1_arm64.deb", "/debian/dists/sid/main/binary-arm64/Packages.xz")]
    [InlineData("/debian/pool/contrib/a/a_1_amd64.udeb", "/debian/dists/sid/contrib/binary-amd64/Packages.xz")]
    [InlineData("/debian/pool/main/a/a_1.dsc", "/debian/dists/sid/main/source/Sources.xz")]
    [InlineData(
        "/debian/pool/other/a_1_amd64.deb",
        "/debian/dists/sid/main/binary-amd64/Packages.xz /debian/dists/sid/contrib/binary-amd64/Packages.xz")]
    [InlineData("/debian/pool/main/a/a_1_mips.deb", "")]
    [InlineData(null, "")]
    public void For_MissingFile_IsTheIndexThatCanNameIt(string? missing, string expected) =>
        Assert.Equal(expected, string.Join(' ', WantedIndexes.For(Debian, missing).Select(index => index.Path)));

    [Fact]
    public void For_PackageForAllArchitectures_IsThisMachinesIndex()
    {
        Assert.SkipUnless(
            System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64,
            "written for amd64");
        Assert.Equal(
            "/debian/dists/sid/main/binary-amd64/Packages.xz",
            Assert.Single(WantedIndexes.For(Debian, "/debian/pool/main/a/a_1_all.deb")).Path);
    }

    [Fact]
    public void For_FlatRepository_IsAllThatNamesFiles() =>
        Assert.Equal(
            ["Packages.gz", "Sources.gz"],
            WantedIndexes
                .For(
                    [
                        Named("/repo/", "Packages", 5),
                        Named("/repo/", "Packages.gz", 9),
                        Named("/repo/", "Sources.gz", 9),
                        Named("/repo/", "Contents.gz", 9),
                    ],
                    "/repo/a_1_amd64.deb")
                .Select(index => index.Name));

    [Fact]
    public void Of_Slots_IsTheSmallestCompressionOfEach() =>
        Assert.Equal(
            ["/debian/dists/sid/main/binary-amd64/Packages.xz"],
            WantedIndexes.Of(Debian, ["/debian/dists/sid/main/binary-amd64/Packages", "/gone"]).Select(index => index.Path));

    [Fact]
    public void Of_MoreThanTheLimit_StopsThere()
    {
        var many = Enumerable.Range(0, 100).Select(number => Named("/repo/", $"Packages{number}", 1)).ToList();
        Assert.Equal(WantedIndexes.MaxIndexes, WantedIndexes.Of(many, [.. many.Select(index => index.Slot)]).Count());
    }

    private static KnownIndex Named(string directory, string name, long size) =>
        new(1, 1, "/debian/", directory, name, default, size, 1, HasByHash: false);
}
