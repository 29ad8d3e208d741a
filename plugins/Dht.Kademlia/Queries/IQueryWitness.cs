using AptP2P.Dht.Kademlia.Messages;

namespace AptP2P.Dht.Kademlia.Queries;

/// <summary>Learns from the end of every query, whoever sent it: the routing tables are kept so.</summary>
internal interface IQueryWitness
{
    /// <summary>A node has answered, and has told its id.</summary>
    void Heard(Query query, in KrpcMessage answer, TimeSpan roundTrip);

    /// <summary>A node did not answer.</summary>
    void Lost(Query query);
}
