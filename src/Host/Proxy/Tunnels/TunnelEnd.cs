namespace AptP2P.Host.Proxy.Tunnels;

/// <summary>How a tunnel ended; of its two ways, the worse counts.</summary>
internal enum TunnelEnd
{
    /// <summary>Both sides have ended it, or it was refused with an answer.</summary>
    InOrder,

    /// <summary>The daemon stops, and nothing was on its way.</summary>
    Quiet,

    /// <summary>A side has failed, or nothing passed for too long: something may be missing.</summary>
    Cut,
}
