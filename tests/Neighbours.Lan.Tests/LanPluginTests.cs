using System.Net;
using System.Text;
using AptP2P.Neighbours.Lan.Datagrams;
using AptP2P.Neighbours.Lan.Links;
using AptP2P.Testing;
using AptP2P.Testing.Conformance;
using Xunit;

namespace AptP2P.Neighbours.Lan.Tests;

public sealed class LanPluginTests : PluginConformance<LanPlugin>;

public sealed class LanStatusTests : StatusSectionConformance, IAsyncDisposable
{
    private readonly VirtualTime _time = new();
    private readonly LanHost _host;

    public LanStatusTests()
    {
        _host = new(new SimulatedLan().Connect("192.168.1.5", _time), _time);
        var link = new Link(2, "eth0", false, IPAddress.Parse("192.168.1.5"), null, [IPNetwork.Parse("192.168.1.0/24")]);
        _host.Listener.Hear(link, new Arrival(2, IPAddress.Parse("192.168.1.7"), Encoding.ASCII.GetBytes(TestDatagrams.Of())));
        _host.Listener.Hear(link, new Arrival(2, IPAddress.Parse("192.168.1.7"), Encoding.ASCII.GetBytes("rubbish")));
        _time.Advance(TimeSpan.FromSeconds(5));
    }

    protected override IStatusSection Section => _host.Status;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Read_ANeighbour_IsThereWithWhenItWasHeard()
    {
        var items = (await Section.ReadAsync(TestContext.Current.CancellationToken)).ToDictionary(item => item.Key);

        Assert.Equal(
            (1, 1L, 1L),
            (Value(items["neighbours"]), Value(items["received"]), Value(items["dropped"])));
        Assert.Equal(
            ["192.168.1.7:9977", "eth0", 5.0],
            Assert.Single(Assert.IsType<StatusTable>(items["endPoints"]).Rows));
    }

    private static object? Value(StatusItem item) => Assert.IsType<StatusValue>(item).Value;
}
