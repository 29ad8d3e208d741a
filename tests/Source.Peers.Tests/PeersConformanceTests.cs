using AptP2P.Testing;
using AptP2P.Testing.Conformance;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Source.Peers.Tests;

/// <summary>Two nodes, one gets from the other.</summary>
public sealed class PeersConformanceTests : SourceConformance, IAsyncLifetime
{
    private readonly InMemoryPeerNetwork _network = new();
    private PeerNode _giver = null!;
    private PeerNode _taker = null!;

    protected override ISource Source => _taker.Source;

    public async ValueTask InitializeAsync()
    {
        _giver = await PeerNode.StartAsync("127.22.0.1", _network);
        _taker = await PeerNode.StartAsync("127.22.0.2", _network);
    }

    public async ValueTask DisposeAsync()
    {
        await _taker.DisposeAsync();
        await _giver.DisposeAsync();
    }

    protected override async ValueTask<Content> ServeAsync(byte[] bytes) => await _giver.ShareAsync(bytes, TestContent.PiecesOf(bytes));

    protected override async ValueTask<Content> MissAsync()
    {
        var content = await _giver.ShareAsync(TestContent.Bytes(1000, seed: 7));
        _giver.Shared.Withdraw(content.Hash);
        return content;
    }
}

public sealed class PeersPluginConformanceTests : PluginConformance<PeersPlugin>;

public sealed class PeersStatusConformanceTests : StatusSectionConformance, IAsyncLifetime
{
    private PeerNode _node = null!;

    protected override IStatusSection Section => _node.Status;

    public async ValueTask InitializeAsync() => _node = await PeerNode.StartAsync("127.22.0.3");

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
