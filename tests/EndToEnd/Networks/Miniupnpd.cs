using AptP2P.Testing.Networks;

namespace AptP2P.EndToEnd.Networks;

/// <summary>What maps ports on a home's router: Debian's miniupnpd.</summary>
/// <param name="router">The router.</param>
/// <param name="folder">Its own folder.</param>
internal sealed class Miniupnpd(NetworkNamespace router, string folder)
{
    private string File(string name) => Path.Combine(folder, name);

    /// <param name="upnp">Whether it speaks UPnP.</param>
    /// <param name="natPmp">Whether it speaks NAT-PMP and PCP.</param>
    public async Task StartAsync(bool upnp, bool natPmp)
    {
        Directory.CreateDirectory(folder);
        await System.IO.File.WriteAllTextAsync(File("conf"), $"""
            ext_ifname=wan
            listening_ip=br-lan
            ipv6_disable=yes
            http_port=5000
            secure_mode=yes
            system_uptime=no
            uuid=0aa0c0de-0000-4000-8000-000000000001
            min_lifetime=120
            max_lifetime=86400
            lease_file={File("leases")}
            enable_upnp={(upnp ? "yes" : "no")}
            enable_natpmp={(natPmp ? "yes" : "no")}
            allow 1024-65535 192.168.0.0/16 1024-65535
            deny 0-65535 0.0.0.0/0 0-65535

            """, TestContext.Current.CancellationToken);
        await router.ShellAsync($"""
            miniupnpd -f {File("conf")} -P {File("pid")}
            until ss -Hlun "sport = :{(natPmp ? 5351 : 1900)}" | grep -q .; do sleep 0.05; done # it listens after it has said so
            """);
    }

    /// <summary>Which ports it has mapped, as the router's rules say.</summary>
    public Task<string> RulesAsync() => router.ShellAsync("nft list chain inet filter prerouting_miniupnpd");
}
