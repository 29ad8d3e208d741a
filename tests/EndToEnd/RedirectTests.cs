namespace AptP2P.EndToEnd;

/// <summary>An archive whose every answer is a redirect.</summary>
public sealed class RedirectTests(SignedRepository repository) : EndToEndTest(repository)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Install_EverythingIsElsewhere_GetsTheRepositorysFiles(bool proxyForm)
    {
        var mirror = await StartMirrorAsync();
        var director = await StartMirrorAsync();
        director.Redirect = target => mirror.Address + target[1..];
        var daemon = await StartDaemonAsync("daemon");
        var apt = NewApt("apt", daemon, director, proxyForm);

        await apt.InstallAllAsync(Repository, daemon);
        (await apt.SourceAsync(PoolBuilder.SourceName)).Succeeded();

        apt.AssertHas(Repository.Packages);
        apt.AssertHasSource(Repository);
        Assert.All(Repository.Packages, package => Assert.Equal(package.Length, mirror.BytesSent(package.RequestPath)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Install_ADirectorSendsEachRequestToAnotherMirror_AllComesFromTheReleasesOne(bool proxyForm)
    {
        var current = await StartMirrorAsync();
        var empty = await StartMirrorAsync(Folder("empty")); // a mirror that has nothing of it yet
        var director = await StartMirrorAsync();
        director.Redirect = target => (target.EndsWith("InRelease", StringComparison.Ordinal) ? current : empty).Address + target[1..];
        var daemon = await StartDaemonAsync("daemon");
        var apt = NewApt("apt", daemon, director, proxyForm);

        await apt.InstallAllAsync(Repository, daemon);

        apt.AssertHas(Repository.Packages);
        Assert.Empty(empty.Log);
    }

    [Fact]
    public async Task Update_RedirectsInACircle_AptHearsItOnce()
    {
        var director = await StartMirrorAsync();
        director.Redirect = target => target;
        var daemon = await StartDaemonAsync("daemon");

        var update = await NewApt("apt", daemon, director).UpdateAsync();

        Assert.Equal(100, update.ExitCode);
        Assert.Contains("redirects in a circle", update.Output, StringComparison.Ordinal);
        Assert.Single(director.Log); // no further attempts, as without the daemon
    }
}
