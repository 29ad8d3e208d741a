using System.Net;
using System.Net.Sockets;
using AptP2P.Testing;
using AptP2P.Testing.Conformance;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Abstractions.Tests.Testing;

// The in-memory parts stand in for real ones in every other test, so they keep the same promises.

public sealed class InMemoryContentStoreTests : ContentStoreConformance
{
    private readonly InMemoryContentStore _store = new();

    protected override ValueTask<IContentStore> OpenStoreAsync() => new(_store);

    // No promise of every store, but this one is there to find who breaks theirs.
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Commit_SomethingWrong_IsRefused(bool areBytesRight, bool isListRight)
    {
        var bytes = TestContent.Bytes(1_200_000);
        var other = TestContent.Bytes(1_200_000, seed: 2);
        var hash = ContentHash.Of(bytes);
        await using var partial = await _store.BeginAsync(hash, bytes.Length, Cancellation);
        await partial.WriteAsync(0, areBytesRight ? bytes : other, Cancellation);

        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await partial.CommitAsync(TestContent.PiecesOf(isListRight ? bytes : other), Cancellation));

        Assert.False(_store.Contains(hash));
        Assert.Equal([hash], _store.Refused);
    }

    [Fact]
    public async Task Write_AfterTheCommit_IsRefused()
    {
        byte[] bytes = [1, 2, 3];
        var hash = ContentHash.Of(bytes);
        await using var partial = await _store.BeginAsync(hash, bytes.Length, Cancellation);
        await partial.WriteAsync(0, bytes, Cancellation);
        await partial.CommitAsync(null, Cancellation);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await partial.WriteAsync(0, new byte[] { 4 }, Cancellation));
    }
}

public sealed class InMemorySourceTests : SourceConformance
{
    private readonly InMemorySource _source = new("memory", SourceRole.Peers);

    protected override ISource Source => _source;

    protected override ValueTask<Content> ServeAsync(byte[] bytes)
    {
        var content = new Content(ContentHash.Of(bytes), bytes.Length, []);
        _source.Add(content.Hash, new InMemoryChannel("one", bytes));
        _source.Find(content.Hash, new InMemoryChannel("two", bytes));
        _source.EndSearch(content.Hash);
        return new(content);
    }

    protected override ValueTask<Content> MissAsync()
    {
        var content = new Content(ContentHash.Of("missing"u8), 7, []);
        _source.Add(content.Hash, new InMemoryChannel("one", default).Script(ChannelAct.Fail(ChannelOutcome.Gone))).EndSearch(content.Hash);
        return new(content);
    }
}

public sealed class InMemoryPeersTests : PeersConformance
{
    private readonly InMemoryPeerNetwork _network = new();
    private int _nodes;

    protected override ValueTask<PeerNode> JoinAsync()
    {
        var endPoint = new IPEndPoint(IPAddress.Parse("192.0.2.1"), ++_nodes);
        var node = _network.Join(endPoint);
        return new(new PeerNode(node, node, endPoint));
    }
}

public sealed class InMemoryPeerLookupTests : PeerLookupConformance
{
    private readonly InMemoryPeerNetwork _network = new();
    private readonly IPeerLookup _lookup;

    public InMemoryPeerLookupTests() => _lookup = _network.Join(Own);

    protected override IPeerLookup Lookup => _lookup;

    protected override IPEndPoint Own { get; } = new(IPAddress.Parse("192.0.2.1"), 9977);

    protected override async ValueTask<IReadOnlyCollection<IPEndPoint>> AppearAsync(ContentHash hash)
    {
        IPEndPoint[] peers = [new(IPAddress.Parse("192.0.2.2"), 9977), new(IPAddress.Parse("192.0.2.3"), 9977)];
        foreach (var node in (IPEndPoint[])[Own, .. peers])
        {
            await _network.Join(node).AnnounceAsync(new Announcement(hash, 6, null), Cancellation);
        }

        return peers;
    }
}

public sealed class InMemorySharedContentsTests : SharedContentsConformance
{
    private readonly InMemorySharedContents _contents = new();

    protected override ISharedContents Contents => _contents;

    protected override ValueTask ShareAsync(byte[] bytes, PieceList pieces)
    {
        _contents.Share(bytes, pieces);
        return ValueTask.CompletedTask;
    }
}

public sealed class DirectConnectorTests : OriginConnectorConformance
{
    protected override IOriginConnector Connector { get; } = new DirectConnector { Refused = { "refused.example" } };

    protected override string RefusedHost => "refused.example";
}

public sealed class DirectClientTests : OriginClientConformance
{
    private readonly DirectClient _client = new(new DirectConnector { Refused = { "refused.example" } });

    protected override IOriginClient Client => _client;

    protected override string RefusedHost => "refused.example";

    public override async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await base.DisposeAsync();
    }
}

public sealed class InMemoryNeighboursTests : NeighboursConformance
{
    private readonly InMemoryNeighbours _neighbours = new();

    protected override INeighbours Neighbours => _neighbours;

    protected override ValueTask<IPEndPoint> AppearAsync()
    {
        var endPoint = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 9977);
        _neighbours.Appear(endPoint);
        return new(endPoint);
    }
}

public sealed class EverythingPolicyTests : SourcePolicyConformance
{
    protected override ISourcePolicy Policy { get; } = new EverythingPolicy();

    // The simplest policy that breaks no promise: all sources at once, peers no longer once they lied.
    private sealed class EverythingPolicy : ISourcePolicy
    {
        public string Name => "everything";

        public SourcePlan Decide(in FetchState state) => new(Origin: true, state.PeersDistrusted ? PeerUse.None : PeerUse.Search);
    }
}

public sealed class InMemoryPortMappingTests : PortMappingConformance
{
    private readonly InMemoryPortMapping _mapping = new();

    protected override IPortMapping Mapping => _mapping;

    protected override ValueTask<PortMapping> ChangeAsync()
    {
        var mapping = new PortMapping(AddressFamily.InterNetwork, new IPEndPoint(IPAddress.Parse("1.2.3.4"), 9977), null, "no UDP");
        _mapping.Say(mapping);
        return new(mapping);
    }
}
