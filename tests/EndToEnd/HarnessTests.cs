namespace AptP2P.EndToEnd;

/// <summary>apt straight against the mirror, without any daemon: what the other tests rest on.</summary>
public sealed class HarnessTests(SignedRepository repository) : EndToEndTest(repository)
{
    [Fact]
    public async Task Install_StraightFromTheMirror_GetsTheRepositorysFiles()
    {
        var mirror = await StartMirrorAsync();
        var apt = NewApt("direct").WithSources(Repository.SourceLine(mirror.Address));

        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();

        Assert.True(Repository.Packages.Count >= 20);
        apt.AssertHas(Repository.Packages);
        Assert.All(Repository.Packages, package => Assert.Equal(package.Length, mirror.BytesSent(package.RequestPath)));
        Assert.Contains(mirror.Log, request => request.Target.Contains("/by-hash/SHA256/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Source_StraightFromTheMirror_GetsTheRepositorysFiles()
    {
        var mirror = await StartMirrorAsync();
        var apt = NewApt("direct").WithSources(Repository.SourceLine(mirror.Address));

        (await apt.UpdateAsync()).Succeeded();
        (await apt.SourceAsync(PoolBuilder.SourceName)).Succeeded();

        apt.AssertHasSource(Repository);
    }

    [Fact]
    public async Task Cut_InTheMiddle_AptGoesOnByRange()
    {
        var mirror = await StartMirrorAsync();
        var apt = NewApt("direct").WithSources(Repository.SourceLine(mirror.Address));
        var big = Repository.Package("xx-big");
        (await apt.UpdateAsync()).Succeeded();

        var cut = mirror.Cut(big.RequestPath, 1_000_000);
        var download = apt.DownloadAsync(big.Name);
        await cut.Reached;
        cut.Release();
        (await download).Succeeded();

        apt.AssertHas([big]);
        Assert.Contains(mirror.Log, request => request is { Status: 206, Range: "bytes=1000000-" });
    }

    [Fact]
    public async Task Hold_UntilReleased_AptWaits()
    {
        var mirror = await StartMirrorAsync();
        var apt = NewApt("direct").WithSources(Repository.SourceLine(mirror.Address));
        var big = Repository.Package("xx-big");
        (await apt.UpdateAsync()).Succeeded();

        var hold = mirror.Hold(big.RequestPath, 1_000_000);
        var download = apt.DownloadAsync(big.Name);
        await hold.Reached;
        Assert.Equal(1_000_000, mirror.BytesSent(big.RequestPath));
        Assert.False(download.IsCompleted);
        hold.Release();
        (await download).Succeeded();

        apt.AssertHas([big]);
        Assert.Equal(big.Length, mirror.BytesSent(big.RequestPath));
    }

    [Fact]
    public async Task Stop_ThenStartAgain_AptFailsThenSucceeds()
    {
        var mirror = await StartMirrorAsync();
        var apt = NewApt("direct").WithSources(Repository.SourceLine(mirror.Address)).WithOption("Acquire::Retries=0");
        (await apt.UpdateAsync()).Succeeded();

        await mirror.StopAsync();
        (await apt.UpdateAsync()).Failed();
        (await apt.DownloadAsync("aa-tiny")).Failed();
        await mirror.StartAsync();
        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync("aa-tiny")).Succeeded();

        Assert.Contains(mirror.Log, request => request.Status == 304); // the mirror's Last-Modified counts for something
    }

    [Fact]
    public async Task Publish_WithEditedText_AptReadsTheEdition()
    {
        await Repository.PublishAsync(Folder("edition"), text =>
            text.Replace("Package: aa-tiny\n", "Package: renamed\n", StringComparison.Ordinal));
        var mirror = await StartMirrorAsync(Folder("edition"));
        var apt = NewApt("direct").WithSources(Repository.SourceLine(mirror.Address));

        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync("renamed")).Succeeded();
        (await apt.DownloadAsync("aa-tiny")).Failed();
    }
}
