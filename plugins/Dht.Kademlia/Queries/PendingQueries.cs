using System.Buffers.Binary;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Node;

namespace AptP2P.Dht.Kademlia.Queries;

/// <summary>
/// Sends queries and matches answers to them. An answer counts only with the transaction id that was sent, from the endpoint that was
/// asked, and with the id that was expected: anything else could be sent by anyone.
/// </summary>
internal sealed class PendingQueries(KademliaOptions options, Deadlines deadlines, Random random, Traffic traffic, IQueryWitness witness)
{
    private readonly Dictionary<uint, Query> _pending = [];
    private readonly byte[] _buffer = new byte[Math.Max(options.MaxDatagram, options.MaxItemDatagram)];

    public int Count => _pending.Count;

    /// <summary>Nodes that did not answer lately.</summary>
    public SuspectNodes Suspects { get; } = new(options);

    /// <param name="family">By which of our sockets.</param>
    /// <param name="to">Where to.</param>
    /// <param name="expected">Who should be there, if known.</param>
    /// <param name="body">What to ask.</param>
    /// <param name="owner">Who is told what became of it.</param>
    /// <param name="tag">The owner's own.</param>
    /// <returns><see langword="null"/> where it could not be sent; the owner hears nothing then.</returns>
    public Query? Send(Family family, UdpEndpoint to, NodeId? expected, in QueryBody body, IQueryOwner owner, object? tag = null)
    {
        var transaction = (uint)random.NextInt64(1L << 32);
        var length = QueryWriter.Write(
            _buffer.AsSpan(0, body.Value.IsEmpty ? options.MaxDatagram : options.MaxItemDatagram), transaction, family.Id, options.ReadOnly,
            body);
        if (length == 0 || _pending.Count >= options.MaxPendingQueries || _pending.ContainsKey(transaction))
        {
            traffic.NotSent++;
            return null;
        }

        var query = new Query(this, transaction, family, to, expected, owner, tag) { SentAt = deadlines.Now };
        _pending.Add(transaction, query);
        family.Send(_buffer.AsSpan(0, length), to);
        deadlines.After(family.StallFor(to), static state => OnStall((Query)state!), query);
        deadlines.After(options.QueryTimeout, static state => OnTimeout((Query)state!), query);
        return query;
    }

    /// <summary>Takes an answer or an error message.</summary>
    public void Receive(in KrpcMessage message, UdpEndpoint from)
    {
        if (Find(message.Transaction, from) is not { } query)
        {
            traffic.Unexpected++;
            return;
        }

        Close(query);
        Suspects.Clear(from);
        if (message.Kind == KrpcKind.Error)
        {
            query.Owner.Failed(query);
            return;
        }

        if (!message.HasId || message.Id == query.Family.Id)
        {
            witness.Lost(query);
            query.Owner.Failed(query);
            return;
        }

        witness.Heard(query, message, deadlines.Now - query.SentAt);
        if (query.Expected is { } expected && expected != message.Id)
        {
            query.Owner.Failed(query); // somebody lives there, but not the one we were told of
            return;
        }

        query.Owner.Answered(query, message);
    }

    /// <summary>
    /// A query came back as unreachable, so no answer will come. Its transaction must have come back with it: else anyone could make us
    /// forget a node.
    /// </summary>
    public void Unreachable(ReadOnlySpan<byte> transaction, UdpEndpoint to)
    {
        if (Find(transaction, to) is { } query)
        {
            Suspects.Add(to, deadlines.Now);
            GiveUp(query);
        }
    }

    private static void OnStall(Query query)
    {
        if (!query.Closed)
        {
            query.Book.Suspects.Add(query.To, query.Book.Now);
            query.Owner.Stalled(query);
        }
    }

    private static void OnTimeout(Query query)
    {
        if (!query.Closed)
        {
            query.Book.GiveUp(query);
        }
    }

    private TimeSpan Now => deadlines.Now;

    private Query? Find(ReadOnlySpan<byte> transaction, UdpEndpoint at) =>
        transaction.Length == sizeof(uint)
        && _pending.TryGetValue(BinaryPrimitives.ReadUInt32BigEndian(transaction), out var query)
        && query.To == at
            ? query
            : null;

    private void GiveUp(Query query)
    {
        Close(query);
        traffic.Timeouts++;
        witness.Lost(query);
        query.Owner.Failed(query);
    }

    private void Close(Query query)
    {
        query.Closed = true;
        _pending.Remove(query.Transaction);
    }
}

/// <summary>Learns from every query, whoever sent it: the routing tables do.</summary>
internal interface IQueryWitness
{
    /// <summary>A node has answered as itself.</summary>
    void Heard(Query query, in KrpcMessage answer, TimeSpan roundTrip);

    /// <summary>A node did not answer.</summary>
    void Lost(Query query);
}
