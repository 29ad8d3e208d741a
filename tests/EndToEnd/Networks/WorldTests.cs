using AptP2P.Testing.Networks;

namespace AptP2P.EndToEnd.Networks;

/// <summary>Homes behind NATs that know nothing of each other but BitTorrent's routers.</summary>
public sealed class WorldTests(SignedRepository repository) : NetworkTest(repository)
{
    /// <summary>
    /// A no that nobody else confirms counts once it is said again, by default half a minute later: the home where that is waited for asks
    /// again sooner, and has no other option.
    /// </summary>
    private const string AskAgainSoon = "--Dht.Kademlia:ReachRetry=00:00:05";

    [Fact]
    public async Task Install_ThreeHomes_FindEachOtherThroughMainline()
    {
        await StartMainlineAsync();
        var upnp = await AddHomeAsync("upnp", upnp: true, natPmp: false);
        var natPmp = await AddHomeAsync("natpmp", upnp: false, natPmp: true);
        var closed = await Lab.AddHomeAsync(hosts: 2);
        var first = await StartDaemonOnAsync(upnp.Hosts[0], "upnp");
        var second = await StartDaemonOnAsync(natPmp.Hosts[0], "natpmp");
        var third = await StartDaemonOnAsync(closed.Hosts[0], "closed", AskAgainSoon);
        await first.IsReachedAsync("yes");
        await second.IsReachedAsync("yes");
        await third.IsReachedAsync("no");
        await third.SaysAsync($"forward port {Daemon.Port}, TCP and UDP, to {closed.AddressOf(0)}");

        await NewApt("first", first).InstallAllAsync(Repository, first);
        await second.LearnsOfAsync(first);
        var behind = NewApt("third", third);
        (await behind.UpdateAsync()).Succeeded();
        await Mirror.StopAsync(); // what comes now comes from the first
        (await behind.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();
        behind.AssertHas(Repository.Packages);
        await third.StoresAsync(Repository.Packages);

        var fourth = await StartDaemonOnAsync(closed.Hosts[1], "neighbour");
        await fourth.KnowsNeighboursAsync(1);
        await first.StopAsync(); // what comes now comes from its neighbour: nobody else is told of that
        await Mirror.StartAsync();
        var near = NewApt("fourth", fourth);
        (await near.UpdateAsync()).Succeeded();
        await Mirror.StopAsync();
        (await near.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();
        near.AssertHas(Repository.Packages);
    }

    private async Task<Home> AddHomeAsync(string name, bool upnp, bool natPmp)
    {
        var home = await Lab.AddHomeAsync(hosts: 1);
        await new Miniupnpd(home.Router, Folder(name)).StartAsync(upnp, natPmp);
        return home;
    }
}
