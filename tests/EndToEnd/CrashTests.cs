namespace AptP2P.EndToEnd;

/// <summary>Ends that nobody prepared for.</summary>
public sealed class CrashTests(SignedRepository repository) : EndToEndTest(repository)
{
    private const int HeldAt = 4_000_000;
    private const int Delivered = 3_000_000;

    /// <summary>What a crash may cost: pieces under way and not yet noted as good.</summary>
    private const int Slack = 2 * 512 * 1024;

    private RepositoryPackage Big => Repository.Package("xx-big");

    [Fact]
    public async Task Kill_InTheMiddle_TheNextRunGoesOnWhereItWas()
    {
        var (mirror, daemon, apt) = await StartSceneAsync();

        await DownloadAndKillAsync(daemon, mirror, Big);
        mirror.Forget();
        await daemon.StartAsync();
        (await apt.DownloadAsync(Big.Name)).Succeeded();

        apt.AssertHas([Big]);
        Assert.InRange(mirror.BytesSent(Big.RequestPath), Big.Length - HeldAt, Big.Length - Delivered + Slack);
    }

    [Fact]
    public async Task Kill_PartialDamagedMeanwhile_AptHasTheRightFile()
    {
        var (mirror, daemon, apt) = await StartSceneAsync();

        await DownloadAndKillAsync(daemon, mirror, Big);
        var partial = Assert.Single(Directory.GetFiles(Path.Combine(daemon.State, "partial")), file =>
            new FileInfo(file).Length > Delivered / 2);
        Damage(partial, offset: 1_000_000);
        await daemon.StartAsync();
        (await apt.DownloadAsync(Big.Name)).Succeeded();

        apt.AssertHas([Big]);
    }

    [Fact]
    public async Task Kill_WhileAptDownloads_TheNextAptGoesOn()
    {
        var (mirror, daemon, apt) = await StartSceneAsync();
        apt.WithOption("Acquire::Retries=0");
        var hold = mirror.Hold(Big.RequestPath, HeldAt);
        var download = apt.DownloadAsync(Repository.Packages.Select(package => package.Name));
        await hold.Reached;

        await daemon.KillAsync();
        hold.Release();
        (await download).Failed(); // with more retries too: apt does not try an address again that has refused it once in a run
        var stored = Repository.Packages.Where(package => File.Exists(daemon.StoredFile(package))).ToList();
        mirror.Forget();
        await daemon.StartAsync();
        (await apt.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();

        apt.AssertHas(Repository.Packages);
        Assert.NotEmpty(stored);
        Assert.All(stored, package => Assert.Equal(0, mirror.BytesSent(package.RequestPath))); // what came before the end came to stay
    }

    /// <summary>Starts a mirror and a daemon, and has an apt learn by it what the mirror has.</summary>
    private async Task<(Mirror Mirror, Daemon Daemon, AptRoot Apt)> StartSceneAsync()
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon");
        var apt = NewApt("apt", daemon, mirror);
        (await apt.UpdateAsync()).Succeeded();
        return (mirror, daemon, apt);
    }

    /// <summary>Lets the daemon hand out the beginning of a file, then kills it.</summary>
    private static async Task DownloadAndKillAsync(Daemon daemon, Mirror mirror, RepositoryPackage package)
    {
        var hold = mirror.Hold(package.RequestPath, HeldAt);
        using var client = new HttpClient();
        var address = new Uri(Through(daemon, mirror), $"debian/{package.RequestPath}");
        using var answer = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var body = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await body.ReadExactlyAsync(new byte[Delivered], TestContext.Current.CancellationToken);
        await hold.Reached;
        await daemon.KillAsync();
        hold.Release();
    }

    private static void Damage(string file, long offset)
    {
        using var content = File.Open(file, FileMode.Open);
        content.Position = offset;
        var value = content.ReadByte();
        content.Position = offset;
        content.WriteByte((byte)(value ^ 1));
    }
}
