namespace AptP2P.EndToEnd;

/// <summary>apt with the daemon as its proxy, and an archive that speaks https.</summary>
public sealed class TunnelTests(SignedRepository repository) : EndToEndTest(repository)
{
    [Fact]
    public async Task Install_HttpsArchiveThroughTheProxy_GetsTheRepositorysFiles()
    {
        using var authority = new Authority();
        var address = NextAddress();
        using var certificate = authority.Certify(address);
        var mirror = await StartAsync(new Mirror(Repository.Root, address, certificate));
        var daemon = await StartDaemonAsync("daemon", $"--Proxy:ConnectPorts={mirror.Address.Port}");
        var apt = await NewAptAsync(authority, daemon, mirror);

        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();

        apt.AssertHas(Repository.Packages);
        Assert.Equal(0, daemon.StoredFiles); // a tunnel is opaque
    }

    [Fact]
    public async Task Update_PortThatIsNotListed_FailsWithWhatToSet()
    {
        using var authority = new Authority();
        var address = NextAddress();
        using var certificate = authority.Certify(address);
        var mirror = await StartAsync(new Mirror(Repository.Root, address, certificate));
        var daemon = await StartDaemonAsync("daemon");
        var apt = await NewAptAsync(authority, daemon, mirror);

        var update = (await apt.WithOption("Acquire::Retries=0").UpdateAsync()).Failed();

        Assert.Contains($"ConnectPorts=443,{mirror.Address.Port}", update.Output, StringComparison.Ordinal);
        Assert.Empty(mirror.Log);
    }

    private async Task<AptRoot> NewAptAsync(Authority authority, Daemon daemon, Mirror mirror)
    {
        var pem = Folder("authority.pem");
        await File.WriteAllTextAsync(pem, authority.Pem, TestContext.Current.CancellationToken);
        return NewApt("apt").WithSources(Repository.SourceLine(mirror.Address))
            .WithOption($"Acquire::https::CAInfo={pem}").WithOption($"Acquire::https::Proxy={daemon.Address}");
    }
}
