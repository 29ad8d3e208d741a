using System.Diagnostics.Metrics;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Tests.Simulation;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Interop;

/// <summary>Our daemon in a network of another implementation: what each side makes known, the other finds.</summary>
[Collection(nameof(ForeignNetworks))]
public abstract class InteropTests(string block)
{
    private const int Nodes = 20;
    private const int Keys = 100;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected abstract Task<ForeignNetwork> StartAsync(string block, int count);

    [Fact]
    public async Task Announce_HundredKeys_TheyFindEachAndWeFindEachOfTheirs()
    {
        await using var network = await StartAsync(block, Nodes);
        using var folder = new TemporaryFolder();
        await using var daemon = await Daemon.StartAsync($"{block}.200.1", folder, $"{network.Nodes[0]}", open: true);
        var missed = new List<string>();
        for (var i = 0; i < Keys; i++)
        {
            var (ours, theirs) = (SimulatedNetworks.Content(2 * i), SimulatedNetworks.Content((2 * i) + 1));
            await daemon.Store.AnnounceAsync(ours, Cancellation);
            await network.AnnounceAsync(i, theirs.Key());

            // Others than those that announced, so that it takes the network.
            var foundByThem = await network.FindAsync(i + 7, ours.Key());
            var foundByUs = await daemon.FindAsync(theirs.Hash, Cancellation);
            missed.AddRange(foundByThem.Contains(daemon.EndPoint) ? [] : [$"our key {i}"]);
            missed.AddRange(foundByUs.Exists(peer => peer.EndPoint.Equals(network.Nodes[i % Nodes])) ? [] : [$"their key {i}"]);
        }

        Assert.Empty(missed);
    }

    [Fact]
    public async Task Put_HundredItems_TheyGetEachAndWeGetEachOfTheirs()
    {
        await using var network = await StartAsync(block, Nodes);
        using var folder = new TemporaryFolder();
        await using var daemon = await Daemon.StartAsync($"{block}.200.1", folder, $"{network.Nodes[0]}", open: true);
        using var placed = new ItemsPlaced(daemon.Meters, Keys);
        var contents = Enumerable.Range(0, Keys).Select(static number => SimulatedNetworks.Content(number, pieces: 9)).ToList();
        foreach (var content in contents)
        {
            await daemon.Store.AnnounceAsync(content, Cancellation);
        }

        await placed.All.WaitAsync(Cancellation); // piece lists are stored in the background
        var missed = new List<string>();
        for (var i = 0; i < Keys; i++)
        {
            var ours = contents[i].Pieces!;
            var (theirs, stored) = await network.PutAsync(i, $"item {i} of them");

            var gotByThem = await network.GetAsync(i + 7, ClaimCodec.TargetOf(ours));
            var gotByUs = await daemon.Service.Node!.FindItem(theirs).Item.WaitAsync(Cancellation);
            missed.AddRange(gotByThem.AsSpan().SequenceEqual(ClaimCodec.ToItem(ours)) ? [] : [$"our item {i}"]);
            missed.AddRange(gotByUs.AsSpan().SequenceEqual(PlainBencode.Encode($"item {i} of them")) ? [] : [$"their item {i}"]);
            Assert.InRange(stored, 1, Nodes + 1);
        }

        Assert.Empty(missed);
    }

    /// <summary>Each stored item was a look-up of its own, which ends with the item being sent out.</summary>
    private sealed class ItemsPlaced : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        public ItemsPlaced(IMeterFactory meters, int wanted)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "aptp2p.dht.lookup.queries" && instrument.Meter.Scope == meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<int>((_, _, tags, _) =>
            {
                if (tags.Contains(new KeyValuePair<string, object?>("aptp2p.method", "get")) && ++_count == wanted)
                {
                    _all.TrySetResult();
                }
            });
            _listener.Start();
        }

        public Task All => _all.Task;

        public void Dispose() => _listener.Dispose();
    }
}

/// <summary>Alone on the machine's processors, as far as this project goes: simulations beside them would stall real packets.</summary>
[CollectionDefinition(nameof(ForeignNetworks), DisableParallelization = true)]
public sealed class ForeignNetworks;

/// <summary>Debian's libtorrent.</summary>
public sealed class LibtorrentInteropTests() : InteropTests("127.43")
{
    private protected override Task<ForeignNetwork> StartAsync(string block, int count) =>
        ForeignNetwork.StartLibtorrentAsync(block, count);
}

/// <summary>bittorrent-dht for Node.</summary>
public sealed class BittorrentDhtInteropTests() : InteropTests("127.44")
{
    private protected override Task<ForeignNetwork> StartAsync(string block, int count) =>
        ForeignNetwork.StartBittorrentDhtAsync(block, count);
}
