namespace AptP2P.Host.Fetching;

/// <summary>How far a fetch is, for people.</summary>
/// <param name="Content">What it brings.</param>
/// <param name="Done">How many bytes are here.</param>
/// <param name="StoreBytes">How many were here from before.</param>
/// <param name="PeerBytes">How many peers gave.</param>
/// <param name="OriginBytes">How many origins gave.</param>
/// <param name="Rate">Bytes per second now; 0 while unknown.</param>
/// <param name="Peers">How many peers are being read from.</param>
/// <param name="Origins">How many origins are being read from.</param>
/// <param name="Pieces">How many pieces it has.</param>
/// <param name="PiecesDone">How many are here.</param>
internal sealed record FetchView(
    Content Content, long Done, long StoreBytes, long PeerBytes, long OriginBytes, double Rate, int Peers, int Origins,
    int Pieces, int PiecesDone)
{
    /// <summary>How many seconds the rest takes at this rate, if that is known.</summary>
    public double? SecondsLeft => Rate > 0 ? (Content.Length - Done) / Rate : null;
}
