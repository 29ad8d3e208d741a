using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;

namespace AptP2P.Testing.InMemory;

/// <summary>Who has what, known to everyone: what a DHT of many nodes comes to.</summary>
public sealed class InMemoryPeerNetwork
{
    private readonly ConcurrentDictionary<(ContentHash Hash, IPEndPoint EndPoint), Announcement> _contacts = new();

    /// <summary>The part of the node at an address: it announces itself and does not find itself.</summary>
    public InMemoryPeerNode Join(IPEndPoint self) => new(this, self);

    internal void Add(Announcement announcement, IPEndPoint endPoint) => _contacts[(announcement.Hash, endPoint)] = announcement;

    internal void Remove(ContentHash hash, IPEndPoint endPoint) => _contacts.TryRemove((hash, endPoint), out _);

    internal IEnumerable<Peer> Find(ContentHash hash) =>
        from contact in _contacts
        where contact.Key.Hash == hash
        let pieces = contact.Value.Pieces
        select new Peer(contact.Key.EndPoint, pieces is null ? null : new PieceClaim(pieces.Length, pieces.Digest, pieces));
}

/// <summary>One node of an <see cref="InMemoryPeerNetwork"/>.</summary>
public sealed class InMemoryPeerNode(InMemoryPeerNetwork network, IPEndPoint self) : IPeerLookup, IPeerStore
{
    public string Name => "memory";

    /// <summary>How many look-ups were asked for.</summary>
    public int LookupCount { get; private set; }

    public async IAsyncEnumerable<Peer> FindAsync(ContentHash hash, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LookupCount++;
        foreach (var peer in network.Find(hash).Where(peer => !peer.EndPoint.Equals(self)))
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return peer;
        }
    }

    public ValueTask<PieceList?> GetPieceListAsync(PieceClaim claim, CancellationToken cancellationToken) => new(claim.List);

    public ValueTask AnnounceAsync(Announcement announcement, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        network.Add(announcement, self);
        return ValueTask.CompletedTask;
    }

    public ValueTask WithdrawAsync(ContentHash hash, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        network.Remove(hash, self);
        return ValueTask.CompletedTask;
    }
}
