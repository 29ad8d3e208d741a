using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia;

/// <summary>The DHT as the place where the daemon announces what it has.</summary>
internal sealed class KademliaPeerStore(KademliaService service, KademliaEnvironment environment) : IPeerStore
{
    private readonly KeySpace _keys = new(environment.Secret);

    public async ValueTask AnnounceAsync(Announcement announcement, CancellationToken cancellationToken)
    {
        if (service.Node is { } node)
        {
            await node.Announce(_keys.KeyOf(announcement.Hash), announcement).WaitAsync(cancellationToken);
        }
    }

    public ValueTask WithdrawAsync(ContentHash hash, CancellationToken cancellationToken)
    {
        service.Node?.Withdraw(_keys.KeyOf(hash));
        return ValueTask.CompletedTask;
    }

    public ValueTask KeepOnlyAsync(IReadOnlySet<ContentHash> hashes, CancellationToken cancellationToken)
    {
        service.Node?.KeepOnly(hashes.Select(_keys.KeyOf).ToHashSet());
        return ValueTask.CompletedTask;
    }
}
