namespace AptP2P.Host.Traffic;

/// <summary>Bytes, by the way that they took.</summary>
/// <param name="Store">To apt from the store, old copies of indexes included.</param>
/// <param name="Peers">From peers.</param>
/// <param name="Mirror">From mirrors: fetched, and passed through.</param>
/// <param name="Sent">To other nodes.</param>
internal readonly record struct TrafficCount(long Store, long Peers, long Mirror, long Sent)
{
    public static TrafficCount operator +(TrafficCount one, TrafficCount other) =>
        new(one.Store + other.Store, one.Peers + other.Peers, one.Mirror + other.Mirror, one.Sent + other.Sent);

    public static TrafficCount operator -(TrafficCount one, TrafficCount other) =>
        new(one.Store - other.Store, one.Peers - other.Peers, one.Mirror - other.Mirror, one.Sent - other.Sent);
}

/// <summary>What the daemon has counted since its start. No number ever goes down.</summary>
internal delegate TrafficCount TrafficReading();
