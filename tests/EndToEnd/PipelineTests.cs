namespace AptP2P.EndToEnd;

/// <summary>What apt sends ahead on its one connection.</summary>
public sealed class PipelineTests(SignedRepository repository) : EndToEndTest(repository)
{
    /// <summary>Some of the ten that apt has outstanding at a time.</summary>
    private const int AtOnce = 8;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Install_MirrorThatWaitsForMoreRequests_GetsThem(bool proxyForm)
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon");
        var apt = NewApt("apt", daemon, mirror, proxyForm);
        (await apt.UpdateAsync()).Succeeded();
        var gathering = mirror.Gather(new(".deb", before: 1, AtOnce));

        (await apt.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();

        Assert.True(gathering.IsComplete);
        apt.AssertHas(Repository.Packages);
        Assert.All(Repository.Packages, package => Assert.Equal(package.Length, mirror.BytesSent(package.RequestPath)));
    }
}
