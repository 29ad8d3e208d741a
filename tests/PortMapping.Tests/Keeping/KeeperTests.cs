using System.Net;
using AptP2P.Ports.Configuration;
using AptP2P.Ports.Gateways;
using AptP2P.Ports.Tests.Routers;
using Xunit;

namespace AptP2P.Ports.Tests.Keeping;

[Collection(nameof(OneThread))]
public sealed class KeeperTests
{
    [Theory]
    [InlineData("PCP NAT-PMP UPnP", "PCP")]
    [InlineData("NAT-PMP UPnP", "NAT-PMP")]
    [InlineData("UPnP", "UPnP")]
    [InlineData("UPnP,UPnP 2", "UPnP")]
    public void Run_SomeProtocols_TheBestIsUsedAndTheOthersLeaveNothing(string speaks, string used)
    {
        using var rig = new KeeperRig();
        Speak(rig, speaks);
        rig.Run(async () =>
        {
            var held = await rig.SaysAsync();

            Assert.Equal((used, "1.2.11.2:9977", "1.2.11.2:9977", null), (held.Protocol, $"{held.Tcp}", $"{held.Udp}", held.Reason));
            Assert.Equal(["Tcp 9977 -> 192.168.1.5:9977", "Udp 9977 -> 192.168.1.5:9977"], rig.Router.Table);
            Assert.All(rig.Router.Changes, change => Assert.Contains($" {used} ", change, StringComparison.Ordinal));
            Assert.InRange(rig.Time.Elapsed.TotalSeconds, 0, 0.5);
        });

        Assert.Empty(rig.Router.Table); // stopped
    }

    [Fact]
    public void Run_NoneIsSpoken_OneReasonOnceHoweverOftenItIsTried()
    {
        using var rig = new KeeperRig();
        Speak(rig, "");
        rig.Run(async () =>
        {
            var held = await rig.SaysAsync();
            Assert.Equal("no router at 192.168.1.1 answers PCP, NAT-PMP or UPnP", held.Reason);
            Assert.Equal((null, null), (held.Tcp, held.Udp));
            Assert.InRange(rig.Time.Elapsed.TotalSeconds, 0, 11);

            await rig.AfterAsync(TimeSpan.FromHours(5));
        });

        Assert.Single(rig.Said);
        Assert.InRange(rig.Attempts.Count, 3 * 10, 3 * 20); // it is seldom tried in the end
    }

    [Fact]
    public void Run_NobodyThere_IsKnownAtOnceButForUpnp()
    {
        using var rig = new KeeperRig();
        rig.Router.SaysNobodyIsThere = true;
        Speak(rig, "UPnP");
        rig.Run(async () => Assert.Equal("UPnP", (await rig.SaysAsync()).Protocol));

        Assert.Equal(TimeSpan.Zero, rig.Time.Elapsed);
    }

    [Fact]
    public void Run_OneRefuses_TheNextIsAsked()
    {
        using var rig = new KeeperRig();
        rig.Router.Refuses.UnionWith(["PCP", "NAT-PMP"]);
        rig.Run(async () => Assert.Equal("UPnP", (await rig.SaysAsync()).Protocol));

        Assert.Equal(["PCP refused", "NAT-PMP refused", "UPnP mapped"], rig.Attempts);
    }

    [Fact]
    public void Run_AllRefuse_TheReasonNamesTheRouterAndWhatEachSaid()
    {
        using var rig = new KeeperRig();
        rig.Router.Refuses.UnionWith(["PCP", "NAT-PMP", "UPnP"]);
        rig.Run(async () => Assert.Equal(
            "the router at 192.168.1.1 refused (PCP: not authorized; NAT-PMP: not authorized; UPnP: 606, not authorized)",
            (await rig.SaysAsync()).Reason));

        Assert.Empty(rig.Router.Table);
    }

    [Theory]
    [InlineData("PCP")]
    [InlineData("NAT-PMP")]
    [InlineData("UPnP")]
    public void Run_TheRouterIsBehindAnother_NothingIsLeftAndTheReasonSaysSo(string speaks)
    {
        using var rig = new KeeperRig();
        rig.Router.External = IPAddress.Parse("100.64.1.2");
        Speak(rig, speaks);
        rig.Run(async () => Assert.Equal(
            "the router at 192.168.1.1 has the private address 100.64.1.2 itself: another router is in front of it",
            (await rig.SaysAsync()).Reason));

        Assert.Empty(rig.Router.Table);
    }

    [Theory]
    [InlineData("PCP", "0.0.0.0")]
    [InlineData("NAT-PMP", "203.0.113.4")]
    [InlineData("UPnP", "224.0.0.1")]
    public void Run_AnAddressThatIsNobodys_IsNoWayIn(string speaks, string external)
    {
        using var rig = new KeeperRig();
        rig.Router.External = IPAddress.Parse(external);
        Speak(rig, speaks);
        rig.Run(async () => Assert.Equal(
            $"the router at 192.168.1.1 says that it is at {external} itself, which leads nobody here", (await rig.SaysAsync()).Reason));

        Assert.Empty(rig.Router.Table);
    }

    [Fact]
    public void Run_UpnpWithoutAnAddress_NothingIsAskedFor()
    {
        using var rig = new KeeperRig();
        rig.Router.External = IPAddress.None;
        Speak(rig, "UPnP");
        rig.Run(async () => Assert.Equal(
            "the router at 192.168.1.1 refused (UPnP: it has no address outside)", (await rig.SaysAsync()).Reason));

        Assert.Empty(rig.Router.Changes);
    }

    [Theory]
    [InlineData("PCP", "Udp")]
    [InlineData("NAT-PMP", "Tcp")]
    [InlineData("UPnP 2", "Tcp")]
    [InlineData("PCP", "Tcp")]
    public void Run_ThePortIsTaken_BothHaveAnotherNumberTogether(string speaks, string taken)
    {
        using var rig = new KeeperRig();
        rig.Router.Take(Enum.Parse<Transport>(taken), 9977, "192.168.1.9");
        Speak(rig, speaks);
        rig.Run(async () =>
        {
            var held = await rig.SaysAsync();
            Assert.Equal(("1.2.11.2:9978", "1.2.11.2:9978"), ($"{held.Tcp}", $"{held.Udp}"));
        });

        Assert.Equal([$"{taken} 9977 -> 192.168.1.9:1"], rig.Router.Table);
    }

    [Fact]
    public void Run_ThePortIsTakenAtAnIgd1_AnotherIsTried()
    {
        using var rig = new KeeperRig();
        rig.Router.Take(Transport.Tcp, 9977, "192.168.1.9");
        Speak(rig, "UPnP");
        rig.Run(async () =>
        {
            var held = await rig.SaysAsync();
            Assert.InRange(held.Tcp!.Port, 20_000, 32_767);
            Assert.Equal(held.Tcp, held.Udp);
        });

        Assert.Equal(["Tcp 9977 -> 192.168.1.9:1"], rig.Router.Table);
    }

    [Fact]
    public void Run_OnlyTcpIsPassed_TheReasonSaysSo()
    {
        using var rig = new KeeperRig();
        rig.Router.MapsUdp = false;
        Speak(rig, "PCP");
        rig.Run(async () =>
        {
            var held = await rig.SaysAsync();
            Assert.Equal(("1.2.11.2:9977", null), (held.Tcp?.ToString(), held.Udp));
            Assert.Equal("the router at 192.168.1.1 passes TCP and not UDP (PCP: not authorized)", held.Reason);
        });

        Assert.Empty(rig.Router.Table);
    }

    [Fact]
    public void Run_PermanentLeasesOnly_TakenAndGivenBack()
    {
        using var rig = new KeeperRig();
        rig.Router.PermanentOnly = true;
        Speak(rig, "UPnP");
        rig.Run(async () => Assert.True((await rig.SaysAsync()).IsWhole));

        Assert.Empty(rig.Router.Table);
    }

    [Fact]
    public void Run_AnotherPortIsWished_ItIsAskedFor()
    {
        using var rig = new KeeperRig(options: new PortMappingOptions { ExternalPort = 30_000 });
        rig.Run(async () => Assert.Equal("1.2.11.2:30000", $"{(await rig.SaysAsync()).Tcp}"));
    }

    [Fact]
    public void Run_IPv6_APinholeByPcpAlone()
    {
        using var rig = new KeeperRig("fe80::1%2", "2a0b:1::5");
        rig.Run(async () =>
        {
            var held = await rig.SaysAsync();
            Assert.Equal(("PCP", "[2a0b:1::5]:9977", "[2a0b:1::5]:9977"), (held.Protocol, $"{held.Tcp}", $"{held.Udp}"));
        });

        Assert.Equal(["PCP mapped"], rig.Attempts);
        Assert.Empty(rig.Router.Table);
    }

    [Fact]
    public void Run_IPv6WithoutPcp_TheReasonNamesIt()
    {
        using var rig = new KeeperRig("fe80::1%2", "2a0b:1::5");
        Speak(rig, "NAT-PMP UPnP");
        rig.Run(async () => Assert.Equal("no router at fe80::1%2 answers PCP", (await rig.SaysAsync()).Reason));
    }

    private static void Speak(KeeperRig rig, string protocols)
    {
        rig.Router.Speaks.Clear();
        rig.Router.Speaks.UnionWith(
            protocols.Contains(',', StringComparison.Ordinal) || protocols == "UPnP 2"
                ? protocols.Split(',')
                : protocols.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
