using AptP2P.Testing.Networks;

namespace AptP2P.EndToEnd.Networks;

/// <summary>How often a line carries what the machines of one network want, without any configuration.</summary>
public sealed class LanTests(SignedRepository repository) : NetworkTest(repository)
{
    private const int Machines = 8;

    /// <summary>Megabytes per second. So slow that they wait for it, and not for the processors, which eight machines share here.</summary>
    private const int Line = 1;
    private const double Headers = 1.06; // TCP's and IP's, and the indexes

    /// <summary>
    /// Eight machines share the processors of one here: what takes a neighbour some milliseconds elsewhere takes longer, and that is no
    /// reason to ask the mirror in a test of what the line carries.
    /// </summary>
    private static readonly string[] Unhurried =
        ["--Policy:NeighbourBudget=5s", "--Fetch:NeighbourStart=5s", "--Fetch:NeighbourSilence=5s"];

    private long PackageBytes => Repository.Packages.Sum(package => package.Length);

    [Fact]
    public async Task Install_ANeighbourHasIt_NextToNothingComesOverTheLine()
    {
        var (home, daemons) = await StartMachinesAsync(2);
        await NewApt("first", daemons[0]).InstallAllAsync(Repository, daemons[0]);
        var before = await home.LineBytesAsync();

        var apt = NewApt("second", daemons[1]);
        await apt.InstallAllAsync(Repository, daemons[1]);

        apt.AssertHas(Repository.Packages);
        Assert.InRange(await home.LineBytesAsync() - before, 0, PackageBytes / 20);
        Assert.InRange((await daemons[1].TrafficAsync()).Peers, PackageBytes * 19 / 20, long.MaxValue);
    }

    [Fact]
    public async Task Install_OneMachineAfterTheOther_TheLineCarriesItOnce()
    {
        var (home, daemons) = await StartMachinesAsync(Machines, Unhurried);

        foreach (var (daemon, number) in daemons.Zip(Enumerable.Range(0, Machines)))
        {
            await NewApt($"apt{number}", daemon).InstallAllAsync(Repository, daemon);
        }

        Assert.InRange(await home.LineBytesAsync() / Headers, PackageBytes * 0.9, PackageBytes * 1.05);
    }

    /// <summary>
    /// They have been there for a while, and got each second package already. Without the crowd the line would carry the others eight
    /// times. Mostly it carries them once; on a busy machine some wait in vain for a large one (docs/benchmarks.md).
    /// </summary>
    [Fact]
    public async Task Install_AllMachinesAtTheSameMoment_TheLineCarriesItLittleMoreThanOnce()
    {
        var (home, daemons) = await StartMachinesAsync(Machines);
        var apts = daemons.Select((daemon, number) => NewApt($"apt{number}", daemon)).ToList();
        var old = Repository.Packages.Where((_, i) => i % 2 == 0).ToList();
        var upgrade = Repository.Packages.Except(old).ToList();
        foreach (var apt in apts)
        {
            (await apt.UpdateAsync()).Succeeded();
            (await apt.DownloadAsync(old.Select(package => package.Name))).Succeeded();
        }

        var before = await home.LineBytesAsync();
        var downloads = await Task.WhenAll(apts.Select(apt => apt.DownloadAsync(upgrade.Select(package => package.Name))));

        Assert.All(downloads, download => download.Succeeded());
        var bytes = upgrade.Sum(package => package.Length);
        Assert.InRange((await home.LineBytesAsync() - before) / Headers, bytes * 0.9, bytes * 2);
    }

    private async Task<(Home Home, IReadOnlyList<Daemon> Daemons)> StartMachinesAsync(int machines, params IEnumerable<string> options)
    {
        var home = await Lab.AddHomeAsync(machines);
        await home.LimitLineAsync(Line);
        var daemons = new List<Daemon>();
        foreach (var host in home.Hosts)
        {
            daemons.Add(await StartDaemonOnAsync(host, $"machine{daemons.Count}", options));
        }

        foreach (var daemon in daemons)
        {
            await daemon.KnowsNeighboursAsync(machines - 1);
        }

        return (home, daemons);
    }
}
