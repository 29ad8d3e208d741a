namespace AptP2P;

/// <summary>
/// With whom this node may exchange files: what the operator said (<c>[Sharing] Reach</c>). It holds for all that a plugin does of its own
/// accord: announcing, serving, looking up, joining a network, opening ports.
/// </summary>
public enum PeerReach
{
    /// <summary>With nobody: nothing is sent anywhere but to origins.</summary>
    Off,

    /// <summary>With local addresses only (<see cref="IMachineAddresses.IsNear"/>).</summary>
    Lan,

    /// <summary>With everybody.</summary>
    World,
}
