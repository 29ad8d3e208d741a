using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using AptP2P.Ports.Configuration;
using AptP2P.Ports.Sockets;
using AptP2P.Ports.Tests.Routers;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Ports.Tests;

/// <summary>The service with real sockets and a router on loopback.</summary>
public sealed class PortMappingServiceTests : IAsyncDisposable
{
    private readonly ServiceRig _rig = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PCP")]
    [InlineData("NAT-PMP")]
    [InlineData("UPnP")]
    [InlineData("UPnP 2")]
    public async Task Start_ARouterThatMaps_IsToldLoggedOnceAndTakenBack(string protocol)
    {
        _rig.Router.Plan.Speaks.Clear();
        _rig.Router.Plan.Speaks.Add(protocol);
        var name = protocol.Split(' ')[0];

        await _rig.Service.StartAsync(Cancellation);
        var mapping = await _rig.FirstAsync(AddressFamily.InterNetwork);

        var outside = IPEndPoint.Parse("1.2.11.2:9977");
        Assert.Equal(new PortMapping(AddressFamily.InterNetwork, outside, outside, null), mapping);
        Assert.Equal(
            (LogLevel.Information, 7000,
                $"The router at {_rig.Router.Address} passes TCP {outside} and UDP {outside} to this node, by {name}"),
            Assert.Single(_rig.Log.All));
        Assert.Equal(2, _rig.Router.Plan.Table.Count());

        await _rig.Service.StopAsync(Cancellation);

        Assert.Empty(_rig.Router.Plan.Table);
        Assert.Single(_rig.Log.All);
    }

    [Theory]
    [InlineData(PeerReach.Lan, "no port is mapped, since [Sharing] Reach is not world but lan")]
    [InlineData(PeerReach.Off, "no port is mapped, since [Sharing] Reach is not world but off")]
    public async Task Start_NotForTheWorld_NobodyIsAsked(PeerReach reach, string reason)
    {
        await using var rig = new ServiceRig(reach);

        await rig.Service.StartAsync(Cancellation);

        Assert.Equal(reason, (await rig.FirstAsync(AddressFamily.InterNetwork)).Reason);
        Assert.Equal(reason, (await rig.FirstAsync(AddressFamily.InterNetworkV6)).Reason);
        await rig.Service.StopAsync(Cancellation);
        Assert.Equal(0, rig.Router.Plan.Heard);
        Assert.Empty(rig.Log.All);
    }

    [Fact]
    public async Task Start_ListensOnLoopbackAndNoRouterIsNamed_NobodyIsAsked()
    {
        await using var rig = new ServiceRig(options: new PortMappingOptions());

        await rig.Service.StartAsync(Cancellation);

        Assert.Equal(
            "this node listens on 127.0.0.1 only, where no router leads", (await rig.FirstAsync(AddressFamily.InterNetwork)).Reason);
        Assert.Equal(0, rig.Router.Plan.Heard);
    }

    [Fact]
    public async Task Watch_TwoListenersOneLate_BothHearWhatStands()
    {
        await _rig.Service.StartAsync(Cancellation);

        var early = await _rig.FirstAsync(AddressFamily.InterNetwork);
        var late = await _rig.FirstAsync(AddressFamily.InterNetwork);

        Assert.Equal(early, late);
    }

    [Fact]
    public async Task Status_WhileMapped_SaysWhereByWhomAndUntilWhen()
    {
        await _rig.Service.StartAsync(Cancellation);
        await _rig.FirstAsync(AddressFamily.InterNetwork);

        var items = (await new PortsStatus(_rig.Service).ReadAsync(Cancellation)).Cast<StatusValue>().ToDictionary(item => item.Key);

        Assert.Equal(
            ("1.2.11.2:9977", "1.2.11.2:9977", "PCP", $"{_rig.Router.Address}"),
            (items["tcp"].Value, items["udp"].Value, items["protocol"].Value, items["router"].Value));
        Assert.InRange(
            (DateTimeOffset)items["until"].Value! - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
        Assert.Equal("there is no router for IPv6, or this machine has no global IPv6 address", items["reasonV6"].Value);
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();
}

/// <summary>A service, and a router on loopback that it is told of.</summary>
internal sealed class ServiceRig : IAsyncDisposable
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("ports");
    private readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public ServiceRig(PeerReach reach = PeerReach.World, PortMappingOptions? options = null)
    {
        Router = new LoopbackRouter();
        var context = new PluginContext(_state.FullName, new IPEndPoint(IPAddress.Loopback, 9977)) { Reach = reach };
        Service = new PortMappingService(
            context, Options.Create(options ?? new PortMappingOptions { Gateways = [Router.Address] }), new SocketNetwork(),
            new ListedAddresses("127.0.0.1"), new PortsMetrics(_metrics.GetRequiredService<IMeterFactory>()), Log,
            TimeProvider.System, new Random(7));
    }

    public LoopbackRouter Router { get; }

    public PortMappingService Service { get; }

    public LogLines<PortMappingService> Log { get; } = new();

    /// <summary>The first word about a family.</summary>
    public async Task<PortMapping> FirstAsync(AddressFamily family) =>
        await Service.WatchAsync(TestContext.Current.CancellationToken)
            .FirstAsync(mapping => mapping.Family == family, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Router.DisposeAsync();
        await _metrics.DisposeAsync();
        _state.Delete(recursive: true);
    }
}
