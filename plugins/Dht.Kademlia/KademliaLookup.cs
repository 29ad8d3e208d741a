using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace AptP2P.Dht.Kademlia;

/// <summary>The DHT as the daemon's look-up.</summary>
internal sealed class KademliaLookup(KademliaService service, IOptions<KademliaOptions> options) : IPeerLookup
{
    private readonly KeySpace _keys = new(options.Value);

    public string Name => "dht";

    public async IAsyncEnumerable<Peer> FindAsync(ContentHash hash, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (service.Node is not { } node)
        {
            yield break;
        }

        var found = new FoundPeers(options.Value.MaxPeersPerSearch);
        var search = node.FindPeers(_keys.KeyOf(hash), found);
        try
        {
            await foreach (var peer in found.Reader.ReadAllAsync(cancellationToken))
            {
                yield return peer;
            }
        }
        finally
        {
            node.Cancel(search);
        }
    }

    public ValueTask<PieceList?> GetPieceListAsync(PieceClaim claim, CancellationToken cancellationToken) => new(claim.List);

    private sealed class FoundPeers(int capacity) : IPeerSink
    {
        // As many as a search takes, so that nothing ever has to wait or is dropped.
        private readonly Channel<Peer> _channel = Channel.CreateBounded<Peer>(new BoundedChannelOptions(capacity) { SingleReader = true });

        public ChannelReader<Peer> Reader => _channel.Reader;

        public void Found(UdpEndpoint peer, ReadOnlySpan<byte> claim) =>
            _channel.Writer.TryWrite(new Peer(peer.ToIPEndPoint(), ClaimCodec.Decode(claim, out _)));

        public void Ended() => _channel.Writer.TryComplete();
    }
}
