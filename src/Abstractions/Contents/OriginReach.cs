namespace AptP2P;

/// <summary>
/// Which addresses may be connected to for a client's sake. A client on this machine could reach any by itself; one from elsewhere must not
/// use the daemon to reach what only the daemon's machine can (server-side request forgery).
/// </summary>
public enum OriginReach
{
    /// <summary>Public addresses, and the private networks that the operator listed.</summary>
    Public,

    /// <summary>Everything but link-local addresses that are not listed.</summary>
    Local,
}
