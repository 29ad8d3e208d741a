namespace AptP2P.EndToEnd;

/// <summary>An archive at several hosts: apt knows one of them, and gets everything whatever becomes of it.</summary>
public sealed class MirrorListTests(SignedRepository repository) : EndToEndTest(repository)
{
    private const int CutAt = 4_000_000;

    [Fact]
    public async Task Install_TheMirrorIsDown_EverythingComesFromTheNext()
    {
        var (first, second) = (await StartMirrorAsync(), await StartMirrorAsync());
        var daemon = await StartDaemonAsync("daemon", Mirrors(first, second));
        await first.StopAsync();

        var apt = NewApt("apt", daemon, first);
        await apt.InstallAllAsync(Repository, daemon);

        apt.AssertHas(Repository.Packages);
        Assert.Empty(first.Log);
    }

    [Fact]
    public async Task Install_TheMirrorCutsInTheMiddle_TheNextGivesTheRest()
    {
        var (first, second) = (await StartMirrorAsync(), await StartMirrorAsync());
        var daemon = await StartDaemonAsync("daemon", Mirrors(first, second));
        var apt = NewApt("apt", daemon, first).WithOption("Acquire::Retries=0");
        (await apt.UpdateAsync()).Succeeded();
        Assert.Empty(second.Log); // while the first is good, nobody else is asked
        var big = Repository.Package("xx-big");
        first.Cut(big.RequestPath, CutAt);

        (await apt.DownloadAsync(big.Name)).Succeeded();

        apt.AssertHas([big]);
        Assert.InRange(second.BytesSent(big.RequestPath), big.Length - CutAt, big.Length - 1);
    }

    [Fact]
    public async Task Install_AptUsesTwoMirrors_EachHelpsTheOther()
    {
        var (first, second) = (await StartMirrorAsync(), await StartMirrorAsync());
        var daemon = await StartDaemonAsync("daemon");
        (await NewApt("other", daemon, second).UpdateAsync()).Succeeded();
        var apt = NewApt("apt", daemon, first);
        (await apt.UpdateAsync()).Succeeded();
        await daemon.LearnsAsync(files: 6); // Release, Packages and Sources of each; the second time the indexes come from the store
        await first.StopAsync();

        (await apt.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();

        apt.AssertHas(Repository.Packages);
    }

    private static string Mirrors(params Mirror[] mirrors) =>
        $"--Origins:Mirrors={string.Join(' ', mirrors.Select(mirror => $"{mirror.Address}debian"))}";
}
