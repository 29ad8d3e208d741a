namespace AptP2P.Source.Peers;

/// <summary>What this node and its peers do for each other.</summary>
public enum PeersMode
{
    /// <summary>Gets from peers and gives to them.</summary>
    Normal,

    /// <summary>Gets, and gives nothing: for a metered or slow line.</summary>
    Leech,

    /// <summary>Gives, and gets nothing: for a server that fills itself from the mirror alone.</summary>
    Seed,
}
