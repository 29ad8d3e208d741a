using System.Net;

namespace AptP2P.Source.Peers.Ledger;

/// <summary>What one peer gave and got.</summary>
/// <param name="Party">By <see cref="Addresses.PeerParties"/>.</param>
/// <param name="Address">One of its addresses.</param>
/// <param name="Received">Bytes from it in the last hour.</param>
/// <param name="Sent">Bytes to it in the last hour.</param>
/// <param name="Rate">Bytes per second of the last exchange that was long enough to tell, either way.</param>
/// <param name="Seen">When the last byte went either way.</param>
internal readonly record struct PeerBalance(
    IPAddress Party, IPAddress Address, long Received, long Sent, double? Rate, DateTimeOffset Seen);
