using AptP2P.Ports.Configuration;
using AptP2P.Ports.Gateways;
using AptP2P.Ports.Tests.Routers;
using Xunit;

namespace AptP2P.Ports.Tests.Keeping;

/// <summary>What becomes of a mapping in the course of time.</summary>
[Collection(nameof(OneThread))]
public sealed class KeeperLifeTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("PCP")]
    [InlineData("NAT-PMP")]
    [InlineData("UPnP")]
    public void Run_ADay_RenewedAtHalfOfTheLeaseAndNothingIsSaid(string protocol)
    {
        using var rig = Rig(protocol);
        rig.Run(async () =>
        {
            await rig.SaysAsync();
            await rig.AfterAsync(TimeSpan.FromHours(24));
        });

        Assert.All(rig.Said, held => Assert.Equal(rig.Said[0].Mapping, held.Mapping));
        Assert.InRange(rig.Attempts.Count(attempt => attempt.EndsWith("renewed", StringComparison.Ordinal)), 46, 49);
        Assert.InRange(rig.Router.Changes.Count, 2 * 46, 2 * 52);
    }

    [Theory]
    [InlineData("PCP")]
    [InlineData("NAT-PMP")]
    public void Hear_AfterARestart_MappedAgainSoon(string protocol)
    {
        using var rig = Rig(protocol);
        rig.Run(async () =>
        {
            await rig.SaysAsync();
            rig.Router.Restart(); // before its clock could tell
            Assert.Empty(rig.Router.Table);
            rig.Keeper.Hear();
            await rig.AfterAsync(Soon);
            Assert.Equal(2, rig.Router.Table.Count());
        });
    }

    [Theory]
    [InlineData("PCP")]
    [InlineData("NAT-PMP")]
    [InlineData("UPnP")]
    public void Run_ARestartThatNobodyTold_SeenWithinTheInterval(string protocol)
    {
        using var rig = Rig(protocol);
        rig.Run(async () =>
        {
            await rig.SaysAsync();
            await rig.AfterAsync(TimeSpan.FromMinutes(61));
            rig.Router.Restart();
            await rig.AfterAsync(TimeSpan.FromMinutes(5) + Soon);
            Assert.Equal(2, rig.Router.Table.Count());
        });
    }

    [Fact]
    public void Hear_WithoutEnd_AsksSeldomAndSaysNothing()
    {
        using var rig = Rig("PCP");
        rig.Run(async () =>
        {
            await rig.SaysAsync();
            var heard = rig.Router.Heard;
            for (var second = 0; second < 600; second++)
            {
                rig.Keeper.Hear();
                await rig.AfterAsync(TimeSpan.FromSeconds(1));
            }

            Assert.InRange(rig.Router.Heard - heard, 1, 120);
        });

        Assert.All(rig.Said, held => Assert.Equal(rig.Said[0].Mapping, held.Mapping));
    }

    [Theory]
    [InlineData("PCP", "UPnP")]
    [InlineData("UPnP", "NAT-PMP")]
    public void Move_ToANetworkWhoseRouterHasTheSameAddress_MappedThereWithinHalfAMinute(string here, string there)
    {
        using var rig = Rig(here);
        rig.Run(async () =>
        {
            await rig.SaysAsync();
            await rig.AfterAsync(TimeSpan.FromMinutes(1));
            var mapped = rig.SaysAsync(held => held.IsWhole);
            rig.Router.Restart();
            rig.Router.Speaks.Clear();
            rig.Router.Speaks.Add(there);
            var moved = rig.Time.Elapsed;
            rig.Keeper.Move();
            Assert.Equal(there, (await mapped).Protocol);
            Assert.InRange(rig.Time.Elapsed - moved, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        });
    }

    [Fact]
    public void Move_AfterALongSleep_TheLeaseIsAskedForAgain()
    {
        using var rig = Rig("NAT-PMP");
        rig.Run(async () =>
        {
            await rig.SaysAsync();
            await rig.AfterAsync(TimeSpan.FromMinutes(1));
            rig.Router.Forget(); // its clock has run on, ours has stood still
            rig.Keeper.Move();
            await rig.AfterAsync(Soon);
            Assert.Equal(2, rig.Router.Table.Count());
        });
    }

    [Fact]
    public void Release_TheRouterDoesNotLetItEnd_ItIsAskedForItsShortestLife()
    {
        using var rig = Rig("PCP");
        rig.Router.LetsEnd = false;
        rig.Run(async () =>
        {
            await rig.SaysAsync();
            Assert.Equal(3600u, rig.Router.LastLifetime);
        });

        Assert.Equal(1u, rig.Router.LastLifetime);
    }

    [Fact]
    public void Release_WhereThePortIsAnothersByNow_ItIsLeftAlone()
    {
        using var rig = Rig("UPnP");
        rig.Run(async () =>
        {
            await rig.SaysAsync();
            rig.Router.Restart();
            rig.Router.Take(Transport.Tcp, 9977, "192.168.1.9");
        });

        Assert.Equal(["Tcp 9977 -> 192.168.1.9:1"], rig.Router.Table);
    }

    [Fact]
    public void Hear_ARouterThatRefused_IsAskedAgain()
    {
        using var rig = Rig("PCP");
        rig.Router.Refuses.Add("PCP");
        rig.Run(async () =>
        {
            await rig.SaysAsync();
            rig.Router.Refuses.Clear();
            var mapped = rig.SaysAsync(held => held.IsWhole);
            rig.Keeper.Hear();
            await mapped;
            Assert.InRange(rig.Time.Elapsed, TimeSpan.Zero, Soon + TimeSpan.FromSeconds(8));
        });
    }

    [Fact]
    public void Run_TheRouterFallsSilent_OtherProtocolsAreTriedAndItsReturnIsSeen()
    {
        using var rig = Rig("PCP");
        rig.Run(async () =>
        {
            await rig.SaysAsync();
            var lost = rig.SaysAsync(held => held.Reason is not null);
            rig.Router.Speaks.Clear();
            Assert.Equal("no router at 192.168.1.1 answers PCP, NAT-PMP or UPnP", (await lost).Reason);
            Assert.InRange(rig.Time.Elapsed, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(7));

            var back = rig.SaysAsync(held => held.IsWhole);
            rig.Router.Speaks.Add("NAT-PMP");
            Assert.Equal("NAT-PMP", (await back).Protocol);
        });
    }

    [Fact]
    public void Run_NoAnswerToARenewal_LookedForAnewSoon()
    {
        using var rig = Rig("PCP", new PortMappingOptions { CheckInterval = TimeSpan.FromDays(1) });
        rig.Run(async () =>
        {
            await rig.SaysAsync();
            var lost = rig.SaysAsync(held => held.Reason is not null);
            rig.Router.Speaks.Clear();
            await lost;
            Assert.InRange(rig.Time.Elapsed, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(33));
        });
    }

    [Fact]
    public void Run_TheAddressOutsideChanges_IsSaid()
    {
        using var rig = Rig("NAT-PMP");
        rig.Run(async () =>
        {
            await rig.SaysAsync();
            var moved = rig.SaysAsync(held => held.Tcp?.Address.ToString() == "1.2.12.9");
            rig.Router.External = System.Net.IPAddress.Parse("1.2.12.9");
            await moved;
            Assert.InRange(rig.Time.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(6));
        });
    }

    [Theory]
    [InlineData("PCP", 4)] // both questions and both requests
    [InlineData("NAT-PMP", 20)]
    public void Run_DatagramsGetLost_TheyAreSentAgain(string protocol, int losses)
    {
        using var rig = Rig(protocol, new PortMappingOptions { Patience = TimeSpan.FromSeconds(60) });
        rig.Router.Losses = losses;
        rig.Run(async () => Assert.Equal(protocol, (await rig.SaysAsync(held => held.IsWhole)).Protocol));
    }

    [Theory]
    [InlineData(0u, null, "it gives no time")]
    [InlineData(null, 0, "it gives port 0")]
    public void Run_ALie_IsARefusalAndNothingIsLeft(uint? lifetime, int? port, string words)
    {
        using var rig = Rig("PCP");
        (rig.Router.Lifetime, rig.Router.GivesPort) = (lifetime, port);
        rig.Run(async () => Assert.Equal($"the router at 192.168.1.1 refused (PCP: {words})", (await rig.SaysAsync()).Reason));
    }

    [Theory]
    [InlineData(uint.MaxValue, 2)] // a day is believed
    [InlineData(1u, 100)] // and no less than seconds
    public void Run_OddLifetimes_AreAskedForInBounds(uint lifetime, int changes)
    {
        using var rig = Rig("PCP");
        rig.Router.Lifetime = lifetime;
        rig.Run(async () =>
        {
            await rig.SaysAsync();
            await rig.AfterAsync(TimeSpan.FromMinutes(5));
        });

        Assert.InRange(rig.Router.Changes.Count, 2, changes + 2);
        Assert.All(rig.Said, held => Assert.True(held.Until <= rig.Time.GetUtcNow() + TimeSpan.FromDays(1)));
    }

    [Fact]
    public void Run_AFloodOfOtherDatagrams_EndsAsSilence()
    {
        using var rig = Rig("PCP");
        rig.Router.Strays.AddRange(Enumerable.Repeat(new byte[1100], 1000));
        rig.Run(async () => Assert.Equal(
            "no router at 192.168.1.1 answers PCP, NAT-PMP or UPnP", (await rig.SaysAsync()).Reason));
    }

    private static KeeperRig Rig(string protocol, PortMappingOptions? options = null)
    {
        var rig = new KeeperRig(options: options);
        rig.Router.Speaks.Clear();
        rig.Router.Speaks.Add(protocol);
        return rig;
    }
}
