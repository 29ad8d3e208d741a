using AptP2P.Host.Apt.Paths;
using Xunit;

namespace AptP2P.Host.Tests.Apt.Paths;

public sealed class FileTitleTests
{
    [Theory]
    [InlineData("/debian/pool/main/b/bash/bash_5.2-1_amd64.deb", "bash_5.2-1_amd64.deb")]
    [InlineData("/debian/dists/bookworm/InRelease", "InRelease of bookworm")]
    [InlineData("/debian/dists/bookworm/Release.gpg", "Release.gpg of bookworm")]
    [InlineData("/debian-security/dists/bookworm-security/main/binary-arm64/Packages.xz", "Packages of bookworm-security/main arm64")]
    [InlineData("/debian/dists/bookworm/main/source/Sources.gz", "Sources of bookworm/main")]
    [InlineData("/debian/dists/bookworm/main/i18n/Translation-en.bz2", "Translation-en of bookworm/main")]
    [InlineData("/debian/dists/bookworm/main/dep11/icons-64x64.tar.gz", "icons-64x64.tar of bookworm/main")]
    [InlineData("/ubuntu/dists/noble/main/cnf/Commands-amd64.xz", "Commands-amd64 of noble/main")]
    [InlineData("/debian/dists/bookworm/main/Contents-amd64.gz", "Contents-amd64 of bookworm/main")]
    [InlineData("/debian/dists/sid/main/binary-amd64/Packages.diff/Index", "Packages.diff/Index of sid/main amd64")]
    [InlineData("/debian/dists/bookworm/main/debian-installer/binary-amd64/Packages", "Packages of bookworm/main/debian-installer amd64")]
    [InlineData("/dists/InRelease", "InRelease of deb.test")]
    [InlineData("/repo/Packages.gz", "Packages of deb.test/repo")]
    [InlineData("/InRelease", "InRelease of deb.test")]
    [InlineData("/", "")]
    public void Of_APath_WhatPeopleCallIt(string path, string title) => Assert.Equal(title, FileTitle.Of(Path(path)));

    [Fact]
    public void Of_ADigest_ItsFirstDigitsAndItsPlace()
    {
        var digest = ContentHash.Of("x"u8).ToString();

        Assert.Equal(
            $"{digest[..8]}… of bookworm/main amd64",
            FileTitle.Of(Path($"/debian/dists/bookworm/main/binary-amd64/by-hash/SHA256/{digest}")));
        Assert.Equal($"{digest[..8]}… of deb.test/repo", FileTitle.Of(Path($"/repo/by-hash/SHA256/{digest}")));
    }

    [Fact]
    public void Of_AHostileName_IsShortAndPrintable()
    {
        Assert.Equal("a\ufffdb.deb", FileTitle.Of(Path("/pool/a\u202eb.deb")));
        Assert.InRange(FileTitle.Of(Path("/pool/" + new string('a', 4_000))).Length, 10, 100);
        Assert.InRange(FileTitle.Of(Path($"/dists/{new string('a', 2_000)}/binary-{new string('b', 1_000)}/Packages")).Length, 10, 150);
    }

    [Theory]
    [InlineData("/debian/dists/bookworm/main/binary-amd64/Packages.xz", true)]
    [InlineData("/repo/Packages", true)]
    [InlineData("/repo/Release", true)]
    [InlineData("/debian/pool/main/b/bash/bash_5.2-1_amd64.deb", false)]
    [InlineData("/Release.deb", false)]
    public void IsAboutArchive_APath_ByWhatItIs(string path, bool expected) => Assert.Equal(expected, FileTitle.IsAboutArchive(path));

    private static ArchivePath Path(string path) => new("http", "deb.test", 80, path);
}
