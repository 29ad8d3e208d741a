using System.Buffers.Binary;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Queries;

/// <summary>
/// Sends queries and matches answers to them. An answer counts only if it has the transaction id that was sent, comes from the endpoint
/// that was asked, and names the id that was expected: anything else could be sent by anyone.
/// </summary>
internal sealed class PendingQueries(
    KademliaOptions options, byte[] network, Outbox outbox, Deadlines deadlines, Random random, Traffic traffic, IQueryWitness witness)
{
    private readonly Dictionary<uint, Query> _pending = [];
    private readonly byte[] _buffer = new byte[Math.Max(options.MaxDatagram, options.MaxItemDatagram)];
    private readonly RoundTrips _roundTripsV4 = new(options);
    private readonly RoundTrips _roundTripsV6 = new(options);

    public int Count => _pending.Count;

    /// <summary>Whether a message is of somebody of our network.</summary>
    public bool IsOfNetwork(in KrpcMessage message) => network.Length == 0 || message.Network.SequenceEqual(network);

    /// <summary>Nodes that did not answer lately.</summary>
    public SuspectNodes Suspects { get; } = new(options);

    /// <param name="family">The family to send it in.</param>
    /// <param name="to">The endpoint to ask.</param>
    /// <param name="expected">The id of the node there, if known.</param>
    /// <param name="body">What to ask.</param>
    /// <param name="owner">Who is told what became of it.</param>
    /// <param name="tag">Anything that the owner wants to have again with the answer.</param>
    /// <returns><see langword="null"/> if it could not be sent; the owner hears nothing then.</returns>
    public Query? Send(Family family, UdpEndpoint to, NodeId? expected, in QueryBody body, IQueryOwner owner, object? tag = null)
    {
        var transaction = (uint)random.NextInt64(1L << 32);
        var length = QueryWriter.Write(
            _buffer.AsSpan(0, body.Value.IsEmpty ? options.MaxDatagram : options.MaxItemDatagram), transaction, family.Id,
            network, !family.Answers(to), body);
        if (length == 0 || _pending.Count >= options.MaxPendingQueries || _pending.ContainsKey(transaction))
        {
            traffic.NotSent++;
            return null;
        }

        var query = new Query(this, transaction, family, to, expected, owner, tag)
        {
            Counts = traffic.Of(body.Method), SentAt = deadlines.Now,
        };
        query.Counts.Sent++;
        _pending.Add(transaction, query);
        outbox.Send(_buffer.AsSpan(0, length), to);
        deadlines.After(StallOf(family, to), static state => OnStall((Query)state!), query);
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
        if (!IsOfNetwork(message))
        {
            traffic.Foreign++;
            Suspects.Add(from, deadlines.Now); // whoever names it again makes us ask it now and then only
            witness.Lost(query);
            Fail(query);
            return;
        }

        Suspects.Clear(from);
        if (message.Kind == KrpcKind.Error)
        {
            Fail(query);
            return;
        }

        if (!message.HasId || message.Id == query.Family.Id)
        {
            witness.Lost(query);
            Fail(query);
            return;
        }

        var roundTrip = deadlines.Now - query.SentAt;
        query.Counts.AnsweredAfter(roundTrip);
        RoundTripsOf(query.Family).Add(roundTrip);
        witness.Heard(query, message, roundTrip);
        if (query.Expected is { } expected && expected != message.Id)
        {
            query.Owner.Failed(query); // there is a node, but not the one that we were told of
            return;
        }

        query.Owner.Answered(query, message);
    }

    /// <summary>A query with our own id has come in. If it is one that we sent, whoever we asked is ourselves.</summary>
    public void CameBack(ReadOnlySpan<byte> transaction)
    {
        if (transaction.Length == sizeof(uint) && _pending.TryGetValue(BinaryPrimitives.ReadUInt32BigEndian(transaction), out var query))
        {
            query.Family.ShownAsSelf(query.To);
            Close(query);
            Fail(query);
        }
    }

    /// <summary>
    /// A query came back as unreachable: no answer will come. Its transaction id must have come back with it, or anyone could make us
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
            query.SentBy.Suspects.Add(query.To, query.SentBy.Now);
            query.Owner.Stalled(query);
        }
    }

    private static void OnTimeout(Query query)
    {
        if (!query.Closed)
        {
            query.SentBy.GiveUp(query);
        }
    }

    private TimeSpan Now => deadlines.Now;

    /// <summary>After what time a query has stalled: by the node's own round trip if it is known, else by those of all nodes.</summary>
    private TimeSpan StallOf(Family family, UdpEndpoint node)
    {
        if (family.Table.Find(node) is not { } contact)
        {
            return RoundTripsOf(family).Stall;
        }

        var needs = (contact.RoundTrip * 1.25) + options.StallMin;
        return needs < options.StallMax ? needs : options.StallMax;
    }

    private RoundTrips RoundTripsOf(Family family) => family.IsV6 ? _roundTripsV6 : _roundTripsV4;

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
        query.Counts.Timeouts++;
        witness.Lost(query);
        query.Owner.Failed(query);
    }

    private static void Fail(Query query)
    {
        query.Counts.Failed++;
        query.Owner.Failed(query);
    }

    private void Close(Query query)
    {
        query.Closed = true;
        _pending.Remove(query.Transaction);
    }
}
