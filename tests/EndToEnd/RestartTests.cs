namespace AptP2P.EndToEnd;

/// <summary>A daemon whose port is held open by a service manager while it restarts.</summary>
public sealed class RestartTests(SignedRepository repository) : EndToEndTest(repository)
{
    private RepositoryPackage Middle => Repository.Packages[Repository.Packages.Count / 2];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Restart_InTheMiddleOfARun_AptWaitsAndHasEverything(bool proxyForm)
    {
        var mirror = await StartMirrorAsync();
        var (daemon, port) = await StartHeldDaemonAsync("daemon", "--Host:StopGrace=0");
        var apt = NewApt("apt", daemon, mirror, proxyForm);
        (await apt.UpdateAsync()).Succeeded();
        var hold = mirror.Hold(Middle.RequestPath, Middle.Length / 2);
        var download = apt.DownloadAsync(Repository.Packages.Select(package => package.Name));
        await hold.Reached;

        await daemon.StopAsync();
        hold.Release();
        await port.SomebodyWaitsAsync();
        await daemon.StartAsync();
        (await download).Succeeded();

        apt.AssertHas(Repository.Packages);
        Assert.DoesNotContain("No DHT", daemon.Output, StringComparison.Ordinal); // its UDP port was passed as well
    }

    [Fact]
    public async Task Stop_NobodyRuns_AnUpdateThatBeganMeanwhileSucceedsAfterTheStart()
    {
        var mirror = await StartMirrorAsync();
        var (daemon, port) = await StartHeldDaemonAsync("daemon");
        await daemon.StopAsync();
        await daemon.StartAsync(); // a stop leaves the port as it was, and so does the next
        await daemon.StopAsync();

        var update = NewApt("apt", daemon, mirror).UpdateAsync();
        await port.SomebodyWaitsAsync();
        await daemon.StartAsync();

        (await update).Succeeded();
    }

    [Fact]
    public async Task Start_AnotherPortConfigured_ThePassedOneHoldsAndIsKnownEverywhere()
    {
        var (daemon, _) = await StartHeldDaemonAsync("daemon", "--Host:Port=1");

        Assert.Equal(daemon.EndPoint, (await daemon.StatusAsync())["node"]!["listens"]!.GetValue<string>());
        Assert.Contains($"is ready at {daemon.Address}", daemon.Output, StringComparison.Ordinal);
        await daemon.SaysAsync($"DHT on UDP {daemon.EndPoint}");
        await daemon.SaysAsync("Port say");
    }
}
