using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Source.Peers.Tests;

/// <summary>What the status page says of two nodes after one got a file from the other.</summary>
public sealed class PeersStatusTests
{
    private const int Length = 1_200_000;

    [Fact]
    public async Task Read_AfterAnExchange_BothSayWithWhomAndHowMuch()
    {
        var network = new InMemoryPeerNetwork();
        await using var giver = await PeerNode.StartAsync("127.22.5.1", network);
        await using var taker = await PeerNode.StartAsync("127.22.5.2", network);
        var channel = Assert.Single(await taker.OpenAsync(await giver.ShareAsync(TestContent.Bytes(Length))));
        await channel.ReadAsync(new ByteRange(0, Length), new InMemorySink(), PeerNode.Cancellation);

        var gave = await PeerOfAsync(taker);
        var got = await PeerOfAsync(giver);

        Assert.Equal(("127.22.5.1", "this machine", (long)Length, 0L), (gave["address"], gave["network"], gave["received"], gave["sent"]));
        Assert.Equal("good", gave["state"]);
        Assert.True((double)gave["rate"]! > 0);
        Assert.Equal(((long)Length, 0L, null), (got["sent"], got["received"], got["state"]));

        channel.Blame("sent piece 3 of it");

        Assert.Equal("refused", (await PeerOfAsync(taker))["state"]);
    }

    [Fact]
    public async Task Read_NobodyThere_NoPeers()
    {
        await using var node = await PeerNode.StartAsync("127.22.5.3");

        Assert.Empty((await TableAsync(node)).Rows);
    }

    private static async Task<Dictionary<string, object?>> PeerOfAsync(PeerNode node)
    {
        var table = await TableAsync(node);
        return table.Columns.Zip(Assert.Single(table.Rows)).ToDictionary(cell => cell.First.Key, cell => cell.Second);
    }

    private static async Task<StatusTable> TableAsync(PeerNode node) =>
        (await node.Status.ReadAsync(PeerNode.Cancellation)).OfType<StatusTable>().Single(table => table.Key == "peers");
}
