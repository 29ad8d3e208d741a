using System.Net;
using AptP2P.Host.Origins;
using AptP2P.Host.Origins.Http;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.Options;
using Xunit;
using Network = AptP2P.Host.Tests.Origins.Connecting.Network;

namespace AptP2P.Host.Tests.Origins;

public sealed class NewNetworkTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_TheMachineComesToAnotherNetwork_AllIsTriedAnew()
    {
        var network = new Network();
        var health = new OriginHealth(Options.Create(new FailoverOptions()), network.Time);
        using var pools = new ConnectionPools(
            new DirectConnector(), new ReleaseMirrors(Options.Create(new RedirectOptions()), network.Time), new ViaMark());
        using var service = new NewNetwork(network.Machine, network.Names, network.Dead, health, pools);
        var (dead, before) = (IPEndPoint.Parse("192.0.2.1:80"), pools.For(OriginReach.Local));
        network.Resolves("mirror.test", "192.0.2.1");
        await network.Names.ResolveAsync("mirror.test", Cancellation);
        network.Dead.Failed(dead);
        health.GoesAway("mirror.test", isSilent: true);
        await service.StartAsync(Cancellation);
        await network.Machine.Waits.WaitAsync(Cancellation);

        network.Machine.Change("10.0.0.7");
        await network.Machine.Waits.WaitAsync(Cancellation);

        Assert.False(network.Dead.IsDead(dead));
        Assert.False(health.IsAway("mirror.test"));
        Assert.NotSame(before, pools.For(OriginReach.Local));
        network.Resolves("mirror.test", "192.0.2.2");
        Assert.Equal([IPAddress.Parse("192.0.2.2")], await network.Names.ResolveAsync("mirror.test", Cancellation));
        await service.StopAsync(Cancellation);
    }
}
