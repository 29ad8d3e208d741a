using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Messages;
using Microsoft.Extensions.Options;

namespace AptP2P.Dht.Kademlia;

/// <summary>The DHT as the daemon's look-up.</summary>
internal sealed class KademliaLookup(
    KademliaService service, KademliaEnvironment environment, IOptions<KademliaOptions> options) : IPeerLookup
{
    private readonly KeySpace _keys = new(environment.Secret);
    private readonly ClaimTargets _targets = new(options.Value);

    public string Name => "dht";

    public async IAsyncEnumerable<Peer> FindAsync(ContentHash hash, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (service.Node is not { } node)
        {
            yield break;
        }

        var found = new FoundPeers(options.Value.MaxPeersPerSearch, _targets, service);
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

    public async ValueTask<PieceList?> GetPieceListAsync(PieceClaim claim, CancellationToken cancellationToken)
    {
        if (claim.List is not null || service.Node is not { } node || _targets.Find(claim.Digest) is not { } target)
        {
            return claim.List;
        }

        var search = node.FindItem(target);
        try
        {
            return await search.Item.WaitAsync(cancellationToken) is { } item ? ClaimCodec.FromItem(item, claim) : null;
        }
        finally
        {
            node.Cancel(search);
        }
    }

    private sealed class FoundPeers(int capacity, ClaimTargets targets, KademliaService service) : IPeerSink
    {
        // It has room for as many peers as a search takes, so that none has to wait or is dropped.
        private readonly Channel<Peer> _channel = Channel.CreateBounded<Peer>(new BoundedChannelOptions(capacity) { SingleReader = true });

        public ChannelReader<Peer> Reader => _channel.Reader;

        public void Found(UdpEndpoint peer, ReadOnlySpan<byte> claim)
        {
            var pieces = ClaimCodec.Decode(claim, out var target);
            if (pieces is { List: null } && target is { } at)
            {
                targets.Add(pieces.Digest, at);
            }

            _channel.Writer.TryWrite(new Peer(service.ToIPEndPoint(peer), pieces));
        }

        public void Ended() => _channel.Writer.TryComplete();
    }
}
