using AptP2P.Dht.Kademlia.Tests.Simulation;
using AptP2P.Testing.Conformance;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests;

/// <summary>The DHT on the status page, of the second of two nodes.</summary>
public sealed class KademliaStatusTests : StatusSectionConformance, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private Daemon _a = null!;
    private Daemon _b = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected override IStatusSection Section => _b.Status;

    public async ValueTask InitializeAsync()
    {
        _a = await Daemon.StartAsync("127.40.7.1", _folder);
        _b = await Daemon.StartAsync("127.40.7.2", _folder, bootstrap: "127.40.7.1");
    }

    public async ValueTask DisposeAsync()
    {
        await _b.DisposeAsync();
        await _a.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Read_RunningAndStopped_SaysSo()
    {
        await _b.Store.AnnounceAsync(SimulatedNetworks.Content(1), Cancellation);
        await _b.FindAsync(SimulatedNetworks.Content(2).Hash, Cancellation);

        var status = (await _b.Status.ReadAsync(Cancellation))
            .OfType<StatusValue>()
            .ToDictionary(static item => item.Key, static item => item.Value);

        Assert.Equal(true, status["running"]);
        Assert.Equal(_b.Service.Node?.Families.V4?.Id.ToString(), status["nodeId"]);
        Assert.Equal(1, status["nodesV4"]);
        Assert.Equal(1, status["announced"]);
        Assert.Equal(_b.EndPoint.ToString(), status["externalAddress"]);
        Assert.True((long)status["packetsOut"]! > 0 && (long)status["bytesIn"]! > 0 && (long)status["lookups"]! > 0);
        Assert.True(status["lookupTime"] is > 0.0);

        await _b.Service.StopAsync(Cancellation);

        Assert.Equal(false, Assert.IsType<StatusValue>(Assert.Single(await _b.Status.ReadAsync(Cancellation))).Value);
    }

    [Fact]
    public async Task Read_AfterAnAnnouncement_EachKindOfQueryIsCountedOnBothSides()
    {
        await _b.Store.AnnounceAsync(SimulatedNetworks.Content(1), Cancellation);

        var (sent, received) = (await MessagesAsync(_b), await MessagesAsync(_a));

        Assert.Equal(["ping", "find_node", "get_peers", "announce_peer", "get", "put"], sent.Keys);
        Assert.Equal([1L, 1L, 0L, 0L], sent["announce_peer"].Take(4));
        Assert.Equal(1L, received["announce_peer"][4]);
        Assert.Equal(sent["get_peers"][0], received["get_peers"][4]);
        Assert.True(sent["get_peers"][5] is > 0.0);
        Assert.Equal((0L, null), (sent["put"][0], sent["put"][5]));
    }

    [Fact]
    public async Task Read_PortInUse_SaysWhichAndWhatToDo()
    {
        await using var second = await Daemon.StartAsync("127.40.7.1", _folder);

        var problem = Assert.Single((await second.Status.ReadAsync(Cancellation)).OfType<StatusProblem>());

        Assert.Equal(("dhtDown", ProblemSeverity.Warning), (problem.Key, problem.Severity));
        Assert.Contains("UDP port 9977", problem.Label, StringComparison.Ordinal);
        Assert.Contains("9977", problem.Advice, StringComparison.Ordinal);
    }

    /// <summary>Of each kind of query: sent, answered, failed, not answered, received, delay.</summary>
    private static async Task<Dictionary<string, object?[]>> MessagesAsync(Daemon daemon) =>
        (await daemon.Status.ReadAsync(Cancellation)).OfType<StatusTable>().Single().Rows
            .ToDictionary(static row => (string)row[0]!, static row => row[1..].ToArray());
}
