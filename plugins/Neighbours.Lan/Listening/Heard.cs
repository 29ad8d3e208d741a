namespace AptP2P.Neighbours.Lan.Listening;

/// <summary>What a datagram turned out to be.</summary>
internal enum Heard
{
    /// <summary>A neighbour's sign of life.</summary>
    Neighbour,

    /// <summary>Our own, which comes back.</summary>
    Own,

    /// <summary>For another network: a torrent's, or a private swarm's.</summary>
    OtherNetwork,

    /// <summary>Not what BEP 14 says.</summary>
    Malformed,

    /// <summary>Of a sender that is not on the link, at a port that nobody of us has, or of this very node.</summary>
    Refused,

    /// <summary>More than is read, or than there is room for.</summary>
    TooMany,
}
