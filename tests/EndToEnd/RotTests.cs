using AptP2P.Testing;

namespace AptP2P.EndToEnd;

/// <summary>Stored files that are no longer what they were: apt must not be kept from its packages by them.</summary>
public sealed class RotTests(SignedRepository repository) : EndToEndTest(repository)
{
    private RepositoryPackage Big => Repository.Package("xx-big");

    [Fact]
    public async Task Install_FlippedByte_AptFailsOnceAtMost()
    {
        var (mirror, daemon, apt) = await StartSceneAsync();
        Rot.Flip(daemon.StoredFile(Big));

        (await apt.DownloadAsync(Big.Name)).Failed(); // nobody knows of it yet
        Assert.Equal(0, mirror.BytesSent(Big.RequestPath));
        (await apt.DownloadAsync(Big.Name)).Succeeded();

        apt.AssertHas([Big]);
        Assert.Equal(Big.Length, mirror.BytesSent(Big.RequestPath));
        await daemon.StoresAsync(Big);
        await daemon.SaysAsync("is damaged and was removed");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Install_CutShort_AptHasItAtOnce(bool restart)
    {
        var (mirror, daemon, apt) = await StartSceneAsync();
        if (restart)
        {
            await daemon.StopAsync();
        }

        await using (var file = new FileStream(daemon.StoredFile(Big), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(100_000);
        }

        if (restart)
        {
            await daemon.StartAsync();
        }

        (await apt.DownloadAsync(Big.Name)).Succeeded();

        apt.AssertHas([Big]);
        Assert.Equal(Big.Length, mirror.BytesSent(Big.RequestPath));
        await daemon.StoresAsync(Big);
    }

    [Fact]
    public async Task Update_RottenIndex_AptHasItAtOnce()
    {
        var (mirror, daemon, _) = await StartSceneAsync();
        var packages = Repository.Packages.Select(daemon.StoredFile).ToHashSet();
        var indexes = Directory.GetFiles(Path.Combine(daemon.State, "content"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file).Length == 64 && !packages.Contains(file)).ToList();
        Assert.NotEmpty(indexes);
        indexes.ForEach(index => Rot.Flip(index));

        (await NewApt("other", daemon, mirror).UpdateAsync()).Succeeded(); // apt says max-age=0 of each index

        await daemon.SaysAsync("is damaged and was removed");
    }

    [Fact]
    public async Task Install_LargerThanHalfOfTheQuota_AptHasItAndItIsNotKept()
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon", $"--Store:Quota={(2 * Big.Length) - 2}");
        var apt = NewApt("apt", daemon, mirror);
        (await apt.UpdateAsync()).Succeeded();

        (await apt.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();

        apt.AssertHas(Repository.Packages);
        Assert.False(File.Exists(daemon.StoredFile(Big)));
        Assert.NotEqual(0, daemon.StoredFiles);
    }

    /// <summary>Starts a mirror, a daemon that has stored all packages, and an apt that has none.</summary>
    private async Task<(Mirror Mirror, Daemon Daemon, AptRoot Apt)> StartSceneAsync()
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon");
        var apt = NewApt("apt", daemon, mirror);
        await apt.InstallAllAsync(Repository, daemon);
        apt.ForgetArchives();
        mirror.Forget();
        return (mirror, daemon, apt);
    }
}
