namespace AptP2P.EndToEnd.Networks;

/// <summary>How often a line carries what the machines of one network want, without any configuration.</summary>
public sealed class LanTests(SignedRepository repository) : NetworkTest(repository)
{
    private const int Machines = 8;
    private const int Line = 6; // megabytes per second: eight machines share one line
    private const double Headers = 1.06; // TCP's and IP's, and the indexes

    /// <summary>Limits of time are for users. Here a busy machine makes anything slow, and that must not decide who gives.</summary>
    private static readonly string[] Unhurried =
    [
        "--Policy:NeighbourBudget=10s", "--Fetch:NeighbourSpeed=0", "--Fetch:NeighbourSilence=20s", "--Fetch:Silence=20s",
        "--Fetch:CrowdWait=20s", "--Fetch:CrowdPatience=20s", "--Policy:Stall=20s",
        "--Source.Peers:ConnectTimeout=20s", "--Source.Peers:FirstByteTimeout=20s", "--Source.Peers:StallTimeout=20s",
    ];

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
        var (home, daemons) = await StartMachinesAsync(Machines);

        foreach (var (daemon, number) in daemons.Zip(Enumerable.Range(0, Machines)))
        {
            await NewApt($"apt{number}", daemon).InstallAllAsync(Repository, daemon);
        }

        Assert.InRange(await home.LineBytesAsync() / Headers, PackageBytes * 0.9, PackageBytes * 1.05);
    }

    /// <summary>
    /// Without the crowd the line would carry it eight times. On two processors, for eight daemons and as many apts, it is a little more
    /// than once: those who begin in the same instant do not all know of each other.
    /// </summary>
    [Fact]
    public async Task Install_AllMachinesAtTheSameMoment_TheLineCarriesItLittleMoreThanOnce()
    {
        var (home, daemons) = await StartMachinesAsync(Machines);

        await Task.WhenAll(daemons.Select((daemon, number) => NewApt($"apt{number}", daemon).InstallAllAsync(Repository, daemon)));

        Assert.InRange(await home.LineBytesAsync() / Headers, PackageBytes * 0.9, PackageBytes * 2);
    }

    private async Task<(Home Home, IReadOnlyList<Daemon> Daemons)> StartMachinesAsync(int machines)
    {
        var home = await Lab.AddHomeAsync(machines);
        await home.LimitLineAsync(Line);
        var daemons = new List<Daemon>();
        foreach (var host in home.Hosts)
        {
            daemons.Add(await StartDaemonOnAsync(host, $"machine{daemons.Count}", Unhurried));
        }

        foreach (var daemon in daemons)
        {
            await daemon.KnowsNeighboursAsync(machines - 1);
        }

        return (home, daemons);
    }
}
