using AptP2P.Testing.Networks;

namespace AptP2P.EndToEnd.Networks;

/// <summary>Machines of one local network that nobody has configured.</summary>
public sealed class NeighbourTests(SignedRepository repository) : NetworkTest(repository)
{
    [Fact]
    public async Task Install_TwoHostsOnOneBridge_TheSecondGetsAllFromTheFirst()
    {
        var home = await Lab.AddHomeAsync(hosts: 2);
        var first = await StartDaemonOnAsync(home.Hosts[0], "first");
        await NewApt("first", first).InstallAllAsync(Repository, first);

        var second = await StartDaemonOnAsync(home.Hosts[1], "second");
        await second.FindsNeighbourAsync($"{home.AddressOf(0)}:{Daemon.Port}");
        var apt = NewApt("second", second);
        (await apt.UpdateAsync()).Succeeded();
        await Mirror.StopAsync();
        (await apt.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();

        apt.AssertHas(Repository.Packages);
        var traffic = await second.TrafficAsync();
        Assert.True(traffic.Peers >= Repository.Packages.Sum(package => package.Length), $"{traffic}");
    }

    [Fact]
    public async Task Start_WithoutAnyNetwork_IsReadyAndFindsNeighboursOnceThereIsOne()
    {
        var home = await Lab.AddHomeAsync(hosts: 1);
        var first = await StartDaemonOnAsync(home.Hosts[0], "first");
        var host = await StartAsync(await NetworkNamespace.CreateAsync(), static _ => Task.CompletedTask); // ended after its daemon
        var late = await StartDaemonOnAsync(host, "late");
        await late.SaysAsync("There is no network to look for neighbours on");

        await home.AddHostAsync(host);

        await late.FindsNeighbourAsync($"{home.AddressOf(0)}:{Daemon.Port}");
        await first.FindsNeighbourAsync($"{home.AddressOf(1)}:{Daemon.Port}");
    }

    [Fact]
    public async Task Address_Changes_NeighboursFindTheNewOne()
    {
        var home = await Lab.AddHomeAsync(hosts: 2);
        var stays = await StartDaemonOnAsync(home.Hosts[0], "stays");
        var moves = await StartDaemonOnAsync(home.Hosts[1], "moves");
        await stays.FindsNeighbourAsync($"{home.AddressOf(1)}:{Daemon.Port}");

        await home.Hosts[1].ShellAsync($"ip addr del {home.AddressOf(1)}/24 dev eth0; ip addr add {home.AddressOf(2)}/24 dev eth0");

        await stays.FindsNeighbourAsync($"{home.AddressOf(2)}:{Daemon.Port}");
        await moves.FindsNeighbourAsync($"{home.AddressOf(0)}:{Daemon.Port}");
    }
}
