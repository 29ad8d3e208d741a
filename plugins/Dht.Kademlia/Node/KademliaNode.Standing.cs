using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>What the node is to others, which whoever finds out whether it can be reached says.</summary>
internal sealed partial class KademliaNode
{
    /// <summary>What it is to others in a family; <see langword="null"/> where it is not in that family.</summary>
    public Standing? StandingIn(bool v6) => FamilyOf(v6)?.Standing;

    /// <summary>Says what it is to others in a family from now on. What they do not know, or know elsewhere, is announced.</summary>
    public void SetStanding(bool v6, Standing standing)
    {
        lock (_gate)
        {
            standing = standing with { AnswersWorld = standing.AnswersWorld && !_parts.Options.ReadOnly };
            if (FamilyOf(v6) is not { } family || family.Standing == standing)
            {
                return;
            }

            family.Standing = standing;
            if (standing.AnnouncesToWorld)
            {
                _announcer.AnnounceAll(family, all: family.WorldPort != family.ToldPort);
                family.ToldPort = family.WorldPort;
            }
        }
    }

    /// <summary>The endpoint of the node in a family as others elsewhere see it, once known.</summary>
    public UdpEndpoint? ExternalIn(bool v6)
    {
        lock (_gate)
        {
            return FamilyOf(v6)?.OuterEndpoint;
        }
    }

    /// <summary>
    /// From how many networks elsewhere (/16, or /32 of IPv6) queries came from addresses to which this node had sent nothing for minutes,
    /// since the start or the last change of network.
    /// </summary>
    public int KnocksIn(bool v6)
    {
        lock (_gate)
        {
            return _knocks.Count(v6);
        }
    }

    /// <summary>
    /// Some nodes elsewhere that answer, in no order, each of another /16 or /32. Whether an id belongs to its address does not matter for
    /// what they are asked.
    /// </summary>
    public IReadOnlyList<UdpEndpoint> NodesElsewhere(bool v6, int count)
    {
        lock (_gate)
        {
            return FamilyOf(v6) is not { } family
                ? []
                : [
                    .. family.Table.Contacts
                        .Where(contact => contact.Failures < 2 && !family.Vicinity.IsNear(contact.Endpoint))
                        .OrderBy(_ => _parts.Random.Next())
                        .DistinctBy(static contact => contact.Endpoint.Network)
                        .Select(static contact => contact.Endpoint)
                        .Take(count),
                ];
        }
    }

    /// <summary>Pings an endpoint once, as somebody there has asked for, to show whether it can be reached.</summary>
    public void Ping(UdpEndpoint endpoint)
    {
        lock (_gate)
        {
            if (Families.Of(endpoint) is { } family && family.Vicinity.Admits(endpoint))
            {
                _admission.Ping(family, null, endpoint);
            }
        }
    }

    private Family? FamilyOf(bool v6) => v6 ? Families.V6 : Families.V4;
}
