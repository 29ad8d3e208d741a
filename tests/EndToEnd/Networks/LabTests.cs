namespace AptP2P.EndToEnd.Networks;

/// <summary>What the lab itself is, before anything is said of daemons in it.</summary>
public sealed class LabTests(SignedRepository repository) : NetworkTest(repository)
{
    [Fact]
    public async Task Install_BehindANat_ReachesTheMirror()
    {
        var home = await Lab.AddHomeAsync(hosts: 1);
        var daemon = await StartDaemonOnAsync(home.Hosts[0], "daemon");
        var apt = NewApt("apt", daemon);

        await apt.InstallAllAsync(Repository, daemon);

        apt.AssertHas(Repository.Packages);
    }

    [Fact]
    public async Task Mainline_ByItsRoutersNames_Answers()
    {
        await StartMainlineAsync();
        var home = await Lab.AddHomeAsync(hosts: 1);

        var answer = await home.Hosts[0].ShellAsync("""
            /usr/bin/python3 -c 'import socket
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.settimeout(60)
            s.sendto(b"d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe", ("dht.libtorrent.org", 25401))
            print(s.recv(2000))'
            """);

        Assert.Contains("2:id20:", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Miniupnpd_Started_AnswersItsHomeAlone()
    {
        var home = await Lab.AddHomeAsync(hosts: 1);
        var upnp = new Miniupnpd(home.Router, Folder("router"));

        await upnp.StartAsync(upnp: true, natPmp: true);

        var answer = await home.Hosts[0].ShellAsync($"""
            /usr/bin/python3 -c 'import socket
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.settimeout(60)
            s.connect(("{home.Gateway}", 5351))
            s.send(bytes(2))
            print(s.recv(100).hex())'
            """);
        Assert.StartsWith("00800000", answer, StringComparison.Ordinal); // RFC 6886, 3.2: success
        Assert.Contains(Convert.ToHexStringLower(home.Outside.GetAddressBytes()), answer, StringComparison.Ordinal);
        Assert.DoesNotContain("dnat", await upnp.RulesAsync(), StringComparison.Ordinal);
    }
}
