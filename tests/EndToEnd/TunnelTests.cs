namespace AptP2P.EndToEnd;

/// <summary>apt with the daemon as its proxy, and an archive that speaks https.</summary>
public sealed class TunnelTests(SignedRepository repository) : EndToEndTest(repository)
{
    [Fact]
    public async Task Install_HttpsArchiveThroughTheProxy_GetsTheRepositorysFiles()
    {
        var (mirror, apt) = await StartTlsMirrorAsync();
        var daemon = await StartDaemonAsync("daemon", $"--Proxy:ConnectPorts={mirror.Address.Port}");
        apt.WithOption($"Acquire::https::Proxy={daemon.Address}");

        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();

        apt.AssertHas(Repository.Packages);
        Assert.Equal(0, daemon.StoredFiles); // a tunnel is opaque
    }

    [Fact]
    public async Task Update_PortThatIsNotListed_FailsWithWhatToSet()
    {
        var (mirror, apt) = await StartTlsMirrorAsync();
        var daemon = await StartDaemonAsync("daemon");
        apt.WithOption($"Acquire::https::Proxy={daemon.Address}").WithOption("Acquire::Retries=0");

        var update = (await apt.UpdateAsync()).Failed();

        Assert.Contains($"ConnectPorts=443,{mirror.Address.Port}", update.Output, StringComparison.Ordinal);
        Assert.Empty(mirror.Log);
    }
}
