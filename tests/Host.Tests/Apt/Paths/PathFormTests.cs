using System.Text;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Apt.Releases;
using FsCheck.Fluent;
using Xunit;

namespace AptP2P.Host.Tests.Apt.Paths;

public sealed class PathFormTests
{
    private const string Hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData("/debian/dists/sid/main/binary-amd64/by-hash/SHA256/" + Hash, "/debian/dists/sid/main/binary-amd64/", 32)]
    [InlineData(
        "/debian/dists/sid/main/binary-amd64/by-hash/MD5Sum/d41d8cd98f00b204e9800998ecf8427e", "/debian/dists/sid/main/binary-amd64/", 16)]
    [InlineData("/by-hash/SHA512/" + Hash + Hash, "/", 64)]
    [InlineData("/repo/by-hash/whatever/" + Hash, "/repo/", 32)]
    public void TryParse_ByHash_IsSplit(string path, string directory, int digest)
    {
        Assert.True(ByHashPath.TryParse(path, out var byHash));
        Assert.Equal((directory, digest), (byHash.Directory, byHash.Digest.Length));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/by-hash")]
    [InlineData("/SHA256/" + Hash)]
    [InlineData("/repo/by-hash/SHA256/Packages")]
    [InlineData("/repo/by-hash/SHA256/" + Hash + "0")]
    [InlineData("/repo/by-hash/SHA256/x" + Hash)]
    [InlineData("/repo/not-by-hash/SHA256/" + Hash)]
    [InlineData("by-hash/SHA256/" + Hash)]
    public void TryParse_AnotherPath_IsNot(string path) => Assert.False(ByHashPath.TryParse(path, out _));

    [Fact]
    public void TryParse_AnyText_DoesNotThrow() =>
        Property.Holds<string>(text => text is null || !ByHashPath.TryParse(text, out var path) || path.Digest.Length > 0);

    [Theory]
    [InlineData("/debian/dists/bookworm/InRelease", "/debian/dists/bookworm/", "/debian/")]
    [InlineData("/debian/dists/bookworm/InRelease", "/debian/dists/bookworm/", "/debian/dists/bookworm/", true)]
    [InlineData("/debian/dists/bookworm/updates/Release", "/debian/dists/bookworm/updates/", "/debian/")]
    [InlineData("/dists/stable/InRelease", "/dists/stable/", "/")]
    [InlineData("/pub/dists/debian/dists/sid/InRelease", "/pub/dists/debian/dists/sid/", "/pub/dists/debian/")]
    [InlineData("/repo/InRelease", "/repo/", "/repo/")]
    [InlineData("/InRelease", "/", "/")]
    public void OfRelease_Path_HasItsRoot(string path, string directory, string root, bool isFlat = false) =>
        Assert.Equal(new SuitePath(directory, root), SuitePath.OfRelease(new ArchivePath("http", "h", 80, path), isFlat));

    [Theory]
    [InlineData(
        "ftp.us.debian.org_debian_dists_bookworm_main_binary-amd64_Packages", "", "ftp.us.debian.org", 0,
        "/debian/dists/bookworm/main/binary-amd64/Packages")]
    [InlineData("ftp.us.debian.org_dists_a%5fb%7ec_InRelease", "", "ftp.us.debian.org", 0, "/dists/a_b~c/InRelease")]
    [InlineData("host_repo_._Packages.lz4", "", "host", 0, "/repo/Packages.lz4")]
    [InlineData("host:8080_repo_InRelease", "", "host", 8080, "/repo/InRelease")]
    [InlineData("host:80_repo_InRelease", "http", "host", 80, "/repo/InRelease")]
    [InlineData("host:443_repo_InRelease", "https", "host", 443, "/repo/InRelease")]
    [InlineData("%5b::1%5d:8080_repo_InRelease", "", "[::1]", 8080, "/repo/InRelease")]
    [InlineData("host_a%252bb_InRelease", "", "host", 0, "/a+b/InRelease")]
    [InlineData(
        "localhost:9977_ftp.us.debian.org_debian_dists_sid_InRelease", "http", "ftp.us.debian.org", 80, "/debian/dists/sid/InRelease")]
    [InlineData("localhost:9977_mirror:8080_debian_dists_sid_InRelease", "http", "mirror", 8080, "/debian/dists/sid/InRelease")]
    [InlineData(
        "127.0.0.1:9977_https_ftp.us.debian.org_debian_dists_sid_InRelease", "https", "ftp.us.debian.org", 443,
        "/debian/dists/sid/InRelease")]
    [InlineData(
        "localhost:3142_HTTPS___ftp.us.debian.org_debian_dists_sid_InRelease", "https", "ftp.us.debian.org", 443,
        "/debian/dists/sid/InRelease")]
    [InlineData("localhost:8000_repo_InRelease", "", "localhost", 8000, "/repo/InRelease")]
    [InlineData("localhost_ftp.us.debian.org_InRelease", "", "localhost", 0, "/ftp.us.debian.org/InRelease")]
    public void TryParse_AptList_IsThePath(string name, string scheme, string host, int port, string path) =>
        Assert.Equal(new ArchivePath(scheme, host, port, path), AptListName.TryParse(name));

    [Theory]
    [InlineData("lock")]
    [InlineData("_Packages")]
    [InlineData(":443_Packages")]
    [InlineData("host:0_Packages")]
    [InlineData("host:65536_Packages")]
    [InlineData("host%zz_Packages")]
    [InlineData("host%5_Packages")]
    [InlineData("host:x_Packages")]
    [InlineData("host_a%2500")]
    [InlineData("host_.._Packages")]
    public void TryParse_NoAptList_IsNothing(string name) => Assert.Null(AptListName.TryParse(name));

    [Fact]
    public void TryParse_NameMadeAsAptDoes_IsThePathAgain()
    {
        var segment = Gen.Elements("debian", "dists", "a_b", "x~y", "c%d", "e+f", "g h", "i=j", "k@l").ListOf();
        Property.Holds(segment, parts =>
        {
            var key = new ArchivePath("", "ftp.us.debian.org", 0, "/" + string.Join('/', parts) + "/InRelease");
            return AptListName.TryParse(Quote(key.Host + key.RawPath)) == key;
        });

        // URItoFileName of apt's strutl.cc
        static string Quote(string uri) =>
            string.Concat(
                uri.Select(c =>
                    c == '/' ? "_"
                    : "\\|{}[]<>\"^~_=!@#$%^&*".Contains(c) || c <= ' ' ? $"%{(int)c:x2}"
                    : c.ToString()));
    }

    [Fact]
    public void TryParse_AnyListName_DoesNotThrow() =>
        Property.Holds<string>(name => name is null || AptListName.TryParse(name) is not { } path || path.Path.StartsWith('/'));

    [Theory]
    [InlineData("-----BEGIN PGP SIGNATURE-----\n", true)]
    [InlineData("<html>", false)]
    [InlineData("", false)]
    public void IsOne_Signature_IsToldFromAnErrorPage(string text, bool expected) =>
        Assert.Equal(expected, DetachedSignature.IsOne(Encoding.UTF8.GetBytes(text)));
}
