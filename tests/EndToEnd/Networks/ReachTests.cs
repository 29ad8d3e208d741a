using AptP2P.Testing.Networks;

namespace AptP2P.EndToEnd.Networks;

/// <summary>What leaves a machine, by how far its operator lets it reach.</summary>
public sealed class ReachTests(SignedRepository repository) : NetworkTest(repository)
{
    private const string HomeAndMulticast = "192.168.0.0/16, 224.0.0.0/4";

    [Fact]
    public async Task Reach_OffAndLan_NothingLeavesThatWasNotWanted()
    {
        await StartMainlineAsync();
        var home = await Lab.AddHomeAsync(hosts: 3);
        await new Miniupnpd(home.Router, Folder("router")).StartAsync(upnp: true, natPmp: true);
        var (world, lan, off) = (home.Hosts[0], home.Hosts[1], home.Hosts[2]);
        await CountAllButAsync(world, $"{Lab.ArchiveAddress}, {HomeAndMulticast}");
        await CountAllButAsync(lan, $"{Lab.ArchiveAddress}, {HomeAndMulticast}");
        await CountAllButAsync(off, $"{Lab.ArchiveAddress}");

        foreach (var (host, reach) in ((NetworkNamespace, string)[])[(off, "off"), (lan, "lan"), (world, "world")])
        {
            var daemon = await StartDaemonOnAsync(host, reach, $"--Sharing:Reach={reach}");
            await NewApt(reach, daemon).InstallAllAsync(Repository, daemon);
            Assert.Equal(reach == "off", (await daemon.StatusAsync())["network"]!["verdict"]!.GetValue<string>() == "off");
            if (reach == "world")
            {
                await daemon.LooksIntoMainlineAsync();
            }
        }

        Assert.InRange(await CountAsync(world), 1, long.MaxValue);
        Assert.Equal(0, await CountAsync(lan));
        Assert.Equal(0, await CountAsync(off));
    }

    private static Task<string> CountAllButAsync(NetworkNamespace host, string allowed) => host.ShellAsync($$"""
        nft -f - <<END
        table ip watch {
          chain output {
            type filter hook output priority filter; policy accept;
            oifname "lo" accept
            ip daddr { {{allowed}} } accept
            counter
          }
        }
        END
        """);

    private static async Task<long> CountAsync(NetworkNamespace host)
    {
        var rules = (await host.ShellAsync("nft list chain ip watch output")).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(rules[Array.IndexOf(rules, "packets") + 1], null);
    }
}
