using AptP2P.Host.Sharing;
using Xunit;

namespace AptP2P.Host.Tests.Sharing;

/// <summary>What providers of archives put into addresses that not everybody may have.</summary>
public sealed class PrivatePathTests
{
    [Theory]
    [InlineData(
        "packagecloud.io", "/priv/0a81fdc0ae50cb28b539adc9bc131e69beaa8a032cd7df70/team/app/ubuntu/pool/a.deb", "packagecloud.io/priv/*")]
    [InlineData("packages.example.com", "/priv/abcdefghijklmnopqrstuvwxyz/team/app/ubuntu/pool/a.deb", "packages.example.com/priv/*")]
    [InlineData("dl.cloudsmith.io", "/qwertyuiopasdfgh/owner/repo/deb/debian/pool/a.deb", "dl.cloudsmith.io/*")]
    [InlineData("dl.cloudsmith.io", "/basic/owner/repo/deb/debian/pool/a.deb", "dl.cloudsmith.io/*")]
    [InlineData("apt.fury.io", "/qUdEFyjXhSAfHTs1UsRw/user/a.deb", "apt.fury.io/*")]
    [InlineData("apt.fury.io", "/4DSoHeowovJgJ2LvG-p4/user/a.deb", "apt.fury.io/*")]
    [InlineData(
        "git.example.com", "/api/v4/projects/1/packages/debian/glpat-abcdefghijklmnopqrst/pool/a.deb",
        "git.example.com/api/v4/projects/1/packages/debian/*")]
    [InlineData("git.example.com", "/debian/pool/a.deb?private_token=x", "git.example.com")]
    [InlineData("repo.example.com", "/artifactory/debian;access_token=x/pool/a.deb", "repo.example.com/artifactory/*")]
    [InlineData("repo.example.com", "/d2719a4e-6d3f-4c5e-9f43-1f6f5f2f9a10/debian/pool/a.deb", "repo.example.com/*")]
    [InlineData("esm.ubuntu.com", "/apps/ubuntu/pool/main/a/a/a.deb", "esm.ubuntu.com")]
    [InlineData("private-ppa.launchpadcontent.net", "/team/ppa/ubuntu/pool/main/a/a/a.deb", "private-ppa.launchpadcontent.net")]
    public void Find_OnlyForSome_SaysWhereAndKeepsTheSecret(string host, string path, string pattern)
    {
        Assert.Equal(pattern, PrivatePath.Find(host, path));
        Assert.True(ArchivePattern.Parse(pattern, null).Matches(host, path)); // so it can be listed as it is said
    }

    [Theory]
    [InlineData(
        "ftp.us.debian.org", "/debian/pool/main/g/golang-github-aws-aws-sdk-go-v2/golang-github-aws-aws-sdk-go-v2-dev_1.24.1-2_all.deb")]
    [InlineData(
        "ftp.us.debian.org",
        "/debian/dists/trixie/main/binary-amd64/by-hash/SHA256/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("snapshot.debian.org", "/archive/debian-security/20240301T030400Z/pool/main/a/a/a.deb")]
    [InlineData("dl.cloudsmith.io", "/public/caddy/stable/deb/debian/pool/a.deb")]
    [InlineData("packagecloud.io", "/user/repository/ubuntu/pool/a.deb")]
    [InlineData("apt.fury.io", "/wez/wezterm_20240203-110809-5046fc22_amd64.deb")]
    [InlineData("download.opensuse.org", "/repositories/home:/user:/project/xUbuntu_22.04/amd64/a.deb")]
    [InlineData("developer.download.nvidia.com", "/compute/cuda/repos/ubuntu2204/x86_64/cuda-compat-12-4_550.54.14-1_amd64.deb")]
    [InlineData("ppa.launchpadcontent.net", "/ubuntu-toolchain-r/test/ubuntu/pool/main/g/gcc-13/a.deb")]
    [InlineData("git.example.com", "/priv/team/debian/pool/a.deb")]
    public void Find_ForEverybody_Nothing(string host, string path) => Assert.Null(PrivatePath.Find(host, path));
}
