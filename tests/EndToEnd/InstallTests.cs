using System.Security.Cryptography;

namespace AptP2P.EndToEnd;

/// <summary>One daemon between apt and a mirror.</summary>
public sealed class InstallTests(SignedRepository repository) : EndToEndTest(repository)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Install_ThroughTheDaemon_GetsTheRepositorysFiles(bool proxyForm)
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon");
        var apt = NewApt("first", daemon, mirror, proxyForm);

        await apt.InstallAllAsync(Repository, daemon);
        (await apt.SourceAsync(PoolBuilder.SourceName)).Succeeded();

        apt.AssertHas(Repository.Packages);
        apt.AssertHasSource(Repository);
        Assert.All(Repository.Packages, package => Assert.Equal(package.Length, mirror.BytesSent(package.RequestPath)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Install_SecondTime_TakesNoPackageFromTheMirror(bool proxyForm)
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon");
        await NewApt("first", daemon, mirror).InstallAllAsync(Repository, daemon);
        mirror.Forget();

        var apt = NewApt("second", daemon, mirror, proxyForm); // both forms name the same archive
        await apt.InstallAllAsync(Repository, daemon);

        apt.AssertHas(Repository.Packages);
        Assert.DoesNotContain(mirror.Log, request => request.Target.Contains("/pool/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Install_AfterRestart_TakesNoPackageFromTheMirror()
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon");
        var apt = NewApt("first", daemon, mirror);
        await apt.InstallAllAsync(Repository, daemon);

        await daemon.StopAsync();
        await daemon.StartAsync();
        mirror.Forget();
        apt.ForgetArchives(); // apt's lists stay: pool files are all it asks for, so the daemon must know them from before
        (await apt.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();

        apt.AssertHas(Repository.Packages);
        Assert.DoesNotContain(mirror.Log, request => request.Target.EndsWith(".deb", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Install_OnlyReleaseSeen_GetsTheIndexByItself()
    {
        var mirror = await StartMirrorAsync();
        var apt = NewApt("apt").WithSources(Repository.SourceLine(mirror.Address));
        (await apt.UpdateAsync()).Succeeded(); // without the daemon
        var daemon = await StartDaemonAsync("daemon");
        using var client = new HttpClient();
        await client.GetStringAsync(
            new Uri(Through(daemon, mirror), $"debian/dists/{SignedRepository.Suite}/InRelease"), TestContext.Current.CancellationToken);
        mirror.Forget();

        apt.ThroughProxy(daemon);
        (await apt.DownloadAsync("aa-tiny")).Succeeded(); // passed through, and reason enough to get the index
        await daemon.LearnsAsync(files: 2);
        (await apt.DownloadAsync("xx-big")).Succeeded();

        apt.AssertHas([Repository.Package("aa-tiny"), Repository.Package("xx-big")]);
        Assert.Contains(mirror.Log, request => request.Target.Contains("/binary-amd64/", StringComparison.Ordinal));
        await daemon.StoresAsync(Repository.Package("xx-big"));
    }

    [Fact]
    public async Task Install_AptHasListsAlready_KnowsTheirHashes()
    {
        var mirror = await StartMirrorAsync();
        var apt = NewApt("apt").WithSources(Repository.SourceLine(mirror.Address));
        (await apt.UpdateAsync()).Succeeded(); // without the daemon
        mirror.Forget();

        var daemon = await StartDaemonAsync("daemon", $"--Catalog:AptLists={apt.Lists}");
        await daemon.LearnsAsync();
        apt.ThroughProxy(daemon);
        (await apt.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();

        apt.AssertHas(Repository.Packages);
        Assert.DoesNotContain(mirror.Log, request => request.Target.Contains("/dists/", StringComparison.Ordinal));
        await daemon.StoresAsync(Repository.Packages); // what is not known is not stored
    }

    [Fact]
    public async Task Answers_FromMirrorThenStore_SayWhereTheyComeFrom()
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon");
        (await NewApt("apt", daemon, mirror).UpdateAsync()).Succeeded();
        var package = Repository.Package("ss+data");

        using var client = new HttpClient();
        var address = new Uri(Through(daemon, mirror), $"debian/{package.RequestPath}");
        using var first = await client.GetAsync(address, TestContext.Current.CancellationToken);
        await client.GivesFromStoreAsync(address);
        using var second = await client.GetAsync(address, TestContext.Current.CancellationToken);

        Assert.Equal("MIRROR", Assert.Single(first.Headers.GetValues("X-Cache")));
        Assert.Equal("HIT", Assert.Single(second.Headers.GetValues("X-Cache")));
        Assert.All([first, second], answer =>
        {
            Assert.Equal("1.1 apt-p2p", answer.Headers.Via.ToString());
            Assert.Equal(package.Length, answer.Content.Headers.ContentLength);
        });
        Assert.Equal(
            await first.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken),
            await second.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Download_StillRunning_IsStreamedWithTheLastPieceHeldBack()
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon");
        (await NewApt("apt", daemon, mirror).UpdateAsync()).Succeeded();
        var big = Repository.Package("xx-big");
        var hold = mirror.Hold(big.RequestPath, 4_000_000);

        using var client = new HttpClient();
        var address = new Uri(Through(daemon, mirror), $"debian/{big.RequestPath}");
        using var answer = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var body = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var head = new byte[3_000_000];
        await body.ReadExactlyAsync(head, TestContext.Current.CancellationToken); // arrives while the mirror holds the rest back
        await hold.Reached;
        hold.Release();
        var tail = new MemoryStream();
        await body.CopyToAsync(tail, TestContext.Current.CancellationToken);

        Assert.Equal(big.Sha256, Convert.ToHexStringLower(SHA256.HashData([.. head, .. tail.ToArray()])));
        Assert.Equal(big.Length, mirror.BytesSent(big.RequestPath));
    }

    [Fact]
    public async Task Download_FourAptsAtOnce_IsFetchedOnce()
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon");
        var big = Repository.Package("xx-big");
        var apts = Enumerable.Range(1, 4).Select(number => NewApt($"{number}", daemon, mirror)).ToList();
        foreach (var apt in apts)
        {
            (await apt.UpdateAsync()).Succeeded();
        }

        var hold = mirror.Hold(big.RequestPath, 4_000_000);
        var downloads = apts.Select(apt => apt.DownloadAsync(big.Name)).ToList();
        await hold.Reached;
        hold.Release();
        foreach (var download in downloads)
        {
            (await download).Succeeded();
        }

        Assert.All(apts, apt => apt.AssertHas([big]));
        Assert.Equal(big.Length, mirror.BytesSent(big.RequestPath));
    }

    [Fact]
    public async Task Stop_WhileADownloadRuns_AptHasTheFileInTheEnd()
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon");
        var big = Repository.Package("xx-big");
        var apt = NewApt("apt", daemon, mirror).WithOption("Acquire::Retries=10");
        (await apt.UpdateAsync()).Succeeded();
        var hold = mirror.Hold(big.RequestPath, 4_000_000);
        var download = apt.DownloadAsync(big.Name);
        await hold.Reached;

        var stop = daemon.StopAsync();
        hold.Release();
        await stop;
        await daemon.StartAsync();
        (await download).Succeeded();

        apt.AssertHas([big]);
    }
}
