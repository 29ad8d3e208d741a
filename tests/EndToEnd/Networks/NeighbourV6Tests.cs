namespace AptP2P.EndToEnd.Networks;

/// <summary>The same where there is IPv6, whose addresses do not say by themselves that they are near.</summary>
public sealed class NeighbourV6Tests(SignedRepository repository) : NetworkTest(repository)
{
    private protected override bool HasIPv6 => true;

    [Fact]
    public async Task Install_IPv4HasGone_TheSecondGetsAllFromTheFirst()
    {
        var home = await Lab.AddHomeAsync(hosts: 2);
        var first = await StartDaemonOnAsync(home.Hosts[0], "first");
        var second = await StartDaemonOnAsync(home.Hosts[1], "second");
        await second.FindsNeighbourAsync($"[{home.AddressV6Of(0)}]:{Daemon.Port}");
        await NewApt("first", first).InstallAllAsync(Repository, first);
        var apt = NewApt("second", second).WithOption("Acquire::Connect::AddrConfig=false"); // else apt takes 127.0.0.1 for no address
        (await apt.UpdateAsync()).Succeeded();

        foreach (var host in home.Hosts)
        {
            await host.ShellAsync("ip -4 addr flush dev eth0");
        }

        (await apt.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();

        apt.AssertHas(Repository.Packages);
        var traffic = await second.TrafficAsync();
        Assert.True(traffic.Peers >= Repository.Packages.Sum(package => package.Length), $"{traffic}");
    }
}
