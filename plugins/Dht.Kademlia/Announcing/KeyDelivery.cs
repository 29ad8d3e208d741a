using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Announcing;

/// <summary>
/// Announces a number of keys to one node: many in a datagram to a node of ours, one by one with a token for each to a foreign one. A
/// datagram is sent when the one before was confirmed, so that no node is flooded. A node that falls silent gets no more.
/// </summary>
internal sealed class KeyDelivery : IQueryOwner
{
    private readonly NodeParts _parts;
    private readonly Family _family;
    private readonly Candidate _node;
    private readonly List<OwnAnnouncement> _keys;
    private readonly Action _done;
    private readonly OwnAnnouncement _tokenKey;
    private byte[]? _token;
    private int _next;
    private int _failures;
    private bool _ended;

    /// <param name="parts">What to work with.</param>
    /// <param name="family">The node's family.</param>
    /// <param name="node">The node; with its token for <paramref name="tokenKey"/> if it has given one.</param>
    /// <param name="tokenKey">The key whose token leads a batch.</param>
    /// <param name="keys">The keys; not empty.</param>
    /// <param name="done">Called once, at the end, whatever it was.</param>
    public KeyDelivery(
        NodeParts parts, Family family, Candidate node, OwnAnnouncement tokenKey, List<OwnAnnouncement> keys, Action done)
    {
        (_parts, _family, _node, _tokenKey, _keys, _done) = (parts, family, node, tokenKey, keys, done);
        _token = node.IsOurs || keys[0] == tokenKey ? node.Token : null;
    }

    // A token of a node of ours is good for a batch that its key leads; a foreign one may be good for its own key only (libtorrent's is).
    private OwnAnnouncement Leader => _node.IsOurs ? _tokenKey : _keys[_next];

    public void Start() => Continue();

    public void Answered(Query query, in KrpcMessage answer)
    {
        if (query.Tag is int count)
        {
            _next += count;
            _token = _node.IsOurs ? _token : null;
        }
        else if (answer.Token.IsEmpty || answer.Token.Length > _parts.Options.MaxTokenLength)
        {
            End();
        }
        else
        {
            _token = answer.Token.ToArray();
            _node.IsOurs = answer.IsOurs;
        }

        if (!_ended)
        {
            Continue();
        }
    }

    // Nobody waits for it, so there is time: it ends when two queries have timed out.
    public void Stalled(Query query)
    {
    }

    public void Failed(Query query)
    {
        if (_failures++ == 0)
        {
            Continue();
        }
        else
        {
            End();
        }
    }

    private void Continue()
    {
        if (_next >= _keys.Count)
        {
            End();
        }
        else if (_token is null)
        {
            Send(new QueryBody { Method = KrpcMethod.GetPeers, Target = Leader.Key }, null);
        }
        else
        {
            Announce(_token);
        }
    }

    private void Announce(byte[] token)
    {
        var leader = Leader;
        var from = _keys[_next] == leader ? _next + 1 : _next;
        var more = 0;
        scoped ReadOnlySpan<byte> moreKeys = default;
        if (_node.IsOurs && from < _keys.Count)
        {
            var batch = new KeyBatchWriter(
                stackalloc byte[_parts.Options.MaxDatagram - KeyBatchWriter.Overhead - leader.Claim.Length]);
            while (more < _parts.Options.MaxKeysPerAnnounce
                && from + more < _keys.Count
                && batch.TryAdd(_keys[from + more].Key, _keys[from + more].Claim))
            {
                more++;
            }

            moreKeys = batch.Finish();
        }

        var body = new QueryBody
        {
            Method = KrpcMethod.AnnouncePeer,
            Target = leader.Key,
            Port = _family.PortFor(_node.Endpoint),
            Token = token,
            Claim = leader.Claim,
            MoreKeys = moreKeys,
        };
        Send(body, from - _next + more);
    }

    private void Send(in QueryBody body, int? count)
    {
        if (_parts.Queries.Send(_family, _node.Endpoint, _node.Id, body, this, count) is null)
        {
            End();
        }
    }

    private void End()
    {
        if (!_ended)
        {
            _ended = true;
            _done();
        }
    }
}
