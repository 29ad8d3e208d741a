using AptP2P.Host.Sharing;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Sharing;

public sealed class ArchivePatternTests
{
    [Theory]
    [InlineData("ftp.us.debian.org", "ftp.us.debian.org", "/debian/pool/a.deb", true)]
    [InlineData("ftp.us.debian.org/debian", "ftp.us.debian.org", "/debian/pool/a.deb", true)]
    [InlineData("ftp.us.debian.org/debian/", "ftp.us.debian.org", "/debian/pool/a.deb", true)]
    [InlineData("FTP.us.Debian.org/debian", "ftp.us.debian.org", "/debian/pool/a.deb", true)]
    [InlineData("ftp.us.debian.org/debian", "ftp.us.debian.org", "/debian-security/pool/a.deb", false)]
    [InlineData("ftp.us.debian.org/debian", "ftp.us.debian.org", "/debian", false)] // a file of that name is not below it
    [InlineData("ftp.us.debian.org/Debian", "ftp.us.debian.org", "/debian/pool/a.deb", false)]
    [InlineData("ftp.us.debian.org", "ftp.us.debian.org:8080", "/debian/pool/a.deb", true)]
    [InlineData("ftp.us.debian.org:8080", "ftp.us.debian.org", "/debian/pool/a.deb", false)]
    [InlineData("[2001:db8::1]", "[2001:db8::1]:8080", "/debian/pool/a.deb", true)]
    [InlineData("[2001:db8::1]", "[2001:db8::1]", "/debian/pool/a.deb", true)]
    [InlineData("ftp.us.debian.org:8080", "ftp.us.debian.org:8080", "/debian/pool/a.deb", true)]
    [InlineData("*.debian.org", "ftp.us.debian.org", "/debian/pool/a.deb", true)]
    [InlineData("*.debian.org", "debian.org.example", "/debian/pool/a.deb", false)]
    [InlineData("*", "anything.example", "/a.deb", true)]
    [InlineData("ppa.example.org/*/ubuntu", "ppa.example.org", "/team/ubuntu/pool/a.deb", true)]
    [InlineData("ppa.example.org/*/ubuntu", "ppa.example.org", "/team/other/ubuntu/a.deb", false)]
    public void Matches_AFile_ByItsHostAndTheRootsParts(string pattern, string authority, string path, bool matches) =>
        Assert.Equal(matches, ArchivePattern.Parse(pattern, null).Matches(authority, path));

    [Theory]
    [InlineData("")]
    [InlineData("/debian")]
    [InlineData("http://ftp.us.debian.org/debian")]
    [InlineData("ftp.us.debian.org//debian")]
    [InlineData("ftp.us.debian.org/../debian")]
    [InlineData("ftp us")]
    public void Parse_NoArchive_SaysHowToWriteOne(string text)
    {
        var problem = Assert.Throws<FormatException>(() => ArchivePattern.Parse(text, null));

        Assert.Equal(
            $"'{text}' is not an archive; write its host and root without a scheme, such as ftp.us.debian.org/debian or *.debian.org",
            problem.Message);
    }

    [Theory]
    [InlineData("", "", true, true)]
    [InlineData("*.debian.org", "", true, false)]
    [InlineData("", "*.example.com", true, false)]
    [InlineData("*.debian.org,*.example.com", "secret.example.com", true, false)]
    [InlineData("*.example.com", "", false, true)]
    [InlineData("public", "", true, true)]
    [InlineData("public", "*.example.com", true, false)]
    public void Judge_TwoPublicArchives_ByTheRules(string archives, string except, bool debian, bool secret)
    {
        var rules = new ShareRules(
            Options.Create(new SharingOptions { Archives = Read(archives), ExceptArchives = Read(except) }), publicArchives: null);

        Assert.Equal(
            (debian, secret),
            (
                rules.Judge("ftp.us.debian.org", "/debian/a.deb") == ShareVerdict.Shared,
                rules.Judge("secret.example.com", "/a.deb") == ShareVerdict.Shared));
    }

    private static ArchivePattern[] Read(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(one => ArchivePattern.Parse(one, null))];
}
