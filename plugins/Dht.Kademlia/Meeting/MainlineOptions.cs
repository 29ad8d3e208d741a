using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Meeting;

/// <summary>
/// How the node in Mainline differs from our own: it takes everybody, answers nobody (BEP 43), keeps nothing, and sends nothing but what a
/// look-up of the one key takes. Its upkeep is never started.
/// </summary>
internal static class MainlineOptions
{
    private static readonly TimeSpan Never = TimeSpan.FromDays(1); // a day is the most that its options mean

    public static KademliaOptions Of(KademliaOptions own) => new()
    {
        Open = true,
        ReadOnly = true,
        Bootstrap = [],
        MaxQueriesPerLookup = own.MaxMeetingQueries,
        MaxPeersPerAnswer = own.MaxMeetingPeersPerAnswer,
        MaxPeersPerSearch = own.MaxMeetingPeers,
        MaxContactsPerSubnet = own.MaxMeetingPeersPerAnswer,
        LowestPort = own.LowestPort,
        StallMin = own.StallMin,
        StallMax = own.StallMax,
        StallUnknown = own.StallUnknown,
        QueryTimeout = own.QueryTimeout,
        RejoinMin = Never, // it looks up its own id once, when it has learned its address; the next look-up joins as well
        RejoinMax = Never,
        RecentNodes = 64,
        RateCells = 16, // it answers nobody
    };
}
