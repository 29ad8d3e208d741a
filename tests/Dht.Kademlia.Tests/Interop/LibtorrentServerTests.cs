using System.Net;
using AptP2P.Dht.Kademlia.Tests.Conformance;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Interop;

/// <summary>libtorrent as the reference: what is asked of our node is what it does.</summary>
[Collection(nameof(ForeignNetworks))]
public sealed class LibtorrentServerTests() : ServerConformance("127.42")
{
    private protected override async Task<IConformanceSubject> StartAsync(string address) =>
        new OneNode(await ForeignNetwork.StartLibtorrentAsync(address[..address.IndexOf('.', address.IndexOf('.') + 1)], count: 1));

    /// <summary>It answers with an empty one. We do not: nobody could tell to what, so only a flood asks so.</summary>
    [Fact]
    public override async Task Query_WithoutTransaction_IsNotAnswered() =>
        Assert.Equal("", Assert.Single(await AnswersToNoTransactionAsync())["t"]);

    /// <summary>It takes mutable items, and checks them; we have nothing to check them with.</summary>
    [Theory]
    [InlineData(0, 206)]
    [InlineData(65, 207)]
    public override async Task Put_MutableItem_IsError204(int salt, int reference) => Assert.Equal(reference, await PutMutableAsync(salt));

    private sealed class OneNode(ForeignNetwork network) : IConformanceSubject
    {
        public IPEndPoint EndPoint => network.Nodes[0];

        public ValueTask DisposeAsync() => network.DisposeAsync();
    }
}
