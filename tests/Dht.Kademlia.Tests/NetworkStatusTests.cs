using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Meeting;
using AptP2P.Testing;
using AptP2P.Testing.Conformance;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests;

/// <summary>The network on the status page, of a node that knows nobody.</summary>
public sealed class NetworkStatusTests : StatusSectionConformance, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly VirtualTime _time = new();
    private Daemon _daemon = null!;

    protected override IStatusSection Section => _daemon.Network;

    public async ValueTask InitializeAsync() => _daemon = await Daemon.StartAsync("127.40.9.1", _folder, time: _time);

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Read_NobodyForMinutes_IsAlone()
    {
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.Empty(await ProblemsAsync(_daemon));

        _time.Advance(TimeSpan.FromMinutes(3));
        var problem = Assert.Single(await ProblemsAsync(_daemon));

        Assert.Equal(("alone", ProblemSeverity.Notice), (problem.Key, problem.Severity));
        Assert.Contains("in 7 minutes", problem.Label, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_ANodeHasAnswered_IsNotAlone()
    {
        await using var other = await Daemon.StartAsync("127.40.9.2", _folder);
        _time.Advance(TimeSpan.FromMinutes(6));
        _daemon.Service.Entry!.Own.Enter(Way.Bootstrap, [UdpEndpoint.From(other.EndPoint)]);
        await _daemon.FindAsync(ContentHash.Of("anything"u8), TestContext.Current.CancellationToken); // it has joined when that ends

        Assert.Empty(await ProblemsAsync(_daemon));
    }

    private static async Task<IEnumerable<StatusProblem>> ProblemsAsync(Daemon daemon) =>
        (await daemon.Network.ReadAsync(TestContext.Current.CancellationToken)).OfType<StatusProblem>();
}
