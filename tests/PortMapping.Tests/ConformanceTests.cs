using System.Net.Sockets;
using AptP2P.Testing.Conformance;
using Xunit;

namespace AptP2P.Ports.Tests;

public sealed class PortMappingPluginConformanceTests : PluginConformance<PortMappingPlugin>;

public sealed class PortMappingServiceConformanceTests : PortMappingConformance, IAsyncLifetime
{
    private readonly ServiceRig _rig = new();

    protected override IPortMapping Mapping => _rig.Service;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    protected override async ValueTask<PortMapping> ChangeAsync()
    {
        var next = _rig.FirstAsync(AddressFamily.InterNetwork);
        _rig.Service.Board.Say(new PortMapping(AddressFamily.InterNetwork, null, null, "the router sleeps"), null);
        return await next;
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();
}

public sealed class PortsStatusConformanceTests : StatusSectionConformance, IAsyncDisposable
{
    private readonly ServiceRig _rig = new();

    protected override IStatusSection Section => new PortsStatus(_rig.Service);

    public ValueTask DisposeAsync() => _rig.DisposeAsync();
}
