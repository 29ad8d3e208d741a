using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>What the node makes of answers and of queries.</summary>
internal sealed partial class KademliaNode : IQueryWitness
{
    void IQueryWitness.Heard(Query query, in KrpcMessage answer, TimeSpan roundTrip)
    {
        var family = query.Family;
        var now = _deadlines.Now;
        if (family.SeenAs(answer.SeenAs, query.To))
        {
            _joining.TakeIds(few: false);
        }

        _gatekeeper.Proven.Add(query.To, now);
        _losses.Heard();
        _joining.Heard();
        if (answer.ReadOnly && !family.Vicinity.IsNear(query.To))
        {
            family.Table.Drop(query.To);
            return;
        }

        family.Recent.Met(answer.Id, query.To, now);
        if (family.Table.Answered(answer.Id, query.To, roundTrip, now, query.Tag != Admission.HasAsked) is { } contact
            && !_joining.IsFirst)
        {
            _announcer.NodeCame(family, contact);
        }
    }

    void IQueryWitness.Lost(Query query)
    {
        query.Family.Recent.Lost(query.To);
        _losses.Lost(query);
    }

    private void AnswerQuery(Family family, in KrpcMessage query, UdpEndpoint from)
    {
        var now = _deadlines.Now;
        Traffic.Of(query.Method).Received++;
        if (query.HasId && query.Id == family.Id) // from ourselves, or from a liar
        {
            Traffic.Refused++;
            _parts.Queries.CameBack(query.Transaction);
            return;
        }

        var mayAsk = query.Method == KrpcMethod.Ping || family.Answers(from);
        if (!mayAsk || !_gatekeeper.Admits(from, now))
        {
            Traffic.Refused++;
            return;
        }

        _knocks.Heard(from, _outbox);
        Traffic.Answered++;
        var answer = _responder.Answer(family, query, from, now);
        if (!answer.IsEmpty)
        {
            _outbox.Send(answer, from);
        }

        // A node that does not want to be asked still says, if pinged, how it sees us: the first nodes of a network may meet no others.
        if (query.HasId && (!query.ReadOnly || family.NeedsVotes))
        {
            family.Table.Asked(query.Id, from, now);
            _admission.Consider(family, query.Id, from);
        }
    }
}
