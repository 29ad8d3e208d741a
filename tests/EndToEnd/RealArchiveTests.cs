namespace AptP2P.EndToEnd;

/// <summary>The machine's own Debian mirror, as apt's configuration names it: real indexes, real packages.</summary>
public sealed class RealArchiveTests(SignedRepository repository) : EndToEndTest(repository)
{
    /// <summary>A package with many dependencies, large and small.</summary>
    private const string Package = "default-jdk";

    private const int Packages = 100;
    private const long Bytes = 100_000_000;

    [Fact]
    public async Task Install_ThroughAThenB_AptAcceptsEveryPackage()
    {
        var archive = await RealArchive.FindAsync();
        var a = await StartDaemonAsync("a");
        var b = await StartDaemonAsync("b", a);

        var first = await InstallAsync("a", archive, a);
        await b.LearnsOfAsync(a);
        var second = await InstallAsync("b", archive, b);

        Assert.Equal(
            first.Select(file => (Path.GetFileName(file), Downloads.Hash(file))),
            second.Select(file => (Path.GetFileName(file), Downloads.Hash(file))));
        Assert.True(first.Count >= Packages, $"{first.Count} packages");
        Assert.True(first.Sum(file => new FileInfo(file).Length) >= Bytes);
        var (fromAlone, fromBoth) = (await a.TrafficAsync(), await b.TrafficAsync());
        TestContext.Current.TestOutputHelper!.WriteLine($"{first.Count} packages; A: {fromAlone}, B: {fromBoth}");
        Assert.Equal(0, fromAlone.Peers);
        Assert.True(fromBoth.Peers > 0 && fromBoth.Mirror < fromAlone.Mirror, $"A: {fromAlone}, B: {fromBoth}");
    }

    private async Task<IReadOnlyList<string>> InstallAsync(string name, RealArchive archive, Daemon daemon)
    {
        var apt = NewApt(name).WithBinarySources(archive.SourceLine(daemon));
        foreach (var option in archive.Options)
        {
            apt.WithOption(option);
        }

        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(Package)).Succeeded();
        var archives = apt.DownloadedArchives();
        await daemon.StoresAsync(archives.Count);
        return archives;
    }
}
