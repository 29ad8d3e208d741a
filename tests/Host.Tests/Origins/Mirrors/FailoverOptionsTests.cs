using System.Collections;
using System.Net;
using AptP2P.Host.Configuration;
using AptP2P.Host.Daemon;
using AptP2P.Host.Origins;
using AptP2P.Host.Origins.Mirrors;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AptP2P.Host.Tests.Origins.Mirrors;

/// <summary>What an operator can write for mirrors, and what is said of mistakes.</summary>
public sealed class FailoverOptionsTests
{
    [Fact]
    public void Mirrors_TwoArchives_AreRead()
    {
        var groups = Read(
            "ftp.us.debian.org/debian  https://Mirror.example.org:8443/pub/debian/, security.example.org/ [2001:db8::1]:8080/s",
            out var problems);

        Assert.Empty(problems);
        Assert.Equal(
            ["ftp.us.debian.org/debian https://mirror.example.org:8443/pub/debian", "security.example.org http://[2001:db8::1]:8080/s"],
            groups.Select(group => group.ToString()));
    }

    [Theory]
    [InlineData(
        "ftp.us.debian.org/debian",
        "'ftp.us.debian.org/debian' is a single root; write all roots that serve the same files, separated by spaces: "
        + "ftp.us.debian.org/debian mirror.example.org/debian")]
    [InlineData("ftp://a.example/debian b.example/debian", "'ftp://a.example/debian' is neither http nor https")]
    [InlineData(
        "a.example/debian http:///debian",
        "'http:///debian' does not begin with a host; write ftp.us.debian.org/debian, host:port/path or https://host/path")]
    [InlineData(
        "a.example:0/debian b.example/debian",
        "'a.example:0/debian' does not begin with a host; write ftp.us.debian.org/debian, host:port/path or https://host/path")]
    [InlineData(
        "user:word@a.example/debian b.example/debian",
        "'user:word@a.example/debian' has a user name or password in it; what needs one is not shared, and has no mirrors here")]
    [InlineData(
        "a.example/debian/../x b.example/debian",
        "'a.example/debian/../x' is not an archive's root: its path has '?', '#', '%', '\\', '//' or '/.' in it")]
    [InlineData(
        "a.example/debian?x b.example/debian",
        "'a.example/debian?x' is not an archive's root: its path has '?', '#', '%', '\\', '//' or '/.' in it")]
    [InlineData(
        "a.example/debian a.example/pub",
        "'a.example/debian a.example/pub' has a.example twice, as a.example/debian and as a.example/pub: another root of a host is no "
        + "help when the host is away")]
    [InlineData("a.example/d b.example/d, c.example/d a.example/d", "a.example/d is listed twice; each root belongs to one archive")]
    [InlineData(
        "a.example/d b.example/d, c.example/d https://a.example/d",
        "https://a.example/d and a.example/d overlap; it would not be known which mirrors a file below both has")]
    [InlineData(
        "a.example/d b.example/d, c.example/d a.example/d/pool",
        "a.example/d/pool and a.example/d overlap; it would not be known which mirrors a file below both has")]
    [InlineData(
        "a.example/d localhost:9977/b.example/d",
        "http://localhost:9977/b.example/d is this daemon itself, which would ask itself in a circle")]
    [InlineData(
        "a.example/d 127.0.0.1:9977/b.example/d",
        "http://127.0.0.1:9977/b.example/d is this daemon itself, which would ask itself in a circle")]
    public void Mirrors_AMistake_IsSaidInWords(string text, string problem)
    {
        Read(text, out var problems);

        Assert.EndsWith($": {problem}", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.example/debian b.example/debian-security, c.example/debian-security d.example/debian")]
    [InlineData("a.example/d b.example/d, a.example:81/d b.example:81/d")]
    [InlineData("http://a.example/d b.example/d, https://a.example/d c.example/d")]
    public void Mirrors_AlikeButDistinct_AreNoMistake(string text)
    {
        Read(text, out var problems);

        Assert.Empty(problems);
    }

    private static MirrorGroup[] Read(string text, out List<string> problems)
    {
        var settings = Settings.Read(CommandLine.Read([$"--Origins:Mirrors={text}"]), new Hashtable());
        var node = settings.Section<NodeOptions>(NodeOptions.Section);
        node.Bind = IPAddress.IPv6Any;
        new ServiceCollection().AddOrigins(settings, node);
        problems = settings.Problems;
        return settings.Section<FailoverOptions>("Origins").Mirrors;
    }
}
