namespace AptP2P;

/// <summary>The ways in which reading from a channel ends. Peer loss is normal, so all of them are values.</summary>
public enum ChannelOutcome
{
    /// <summary>The sink has all that it wanted.</summary>
    Complete,

    /// <summary>It does not have the content (404, 410), or another one by now.</summary>
    Gone,

    /// <summary>It has no capacity now (429, 503); later it may.</summary>
    Busy,

    /// <summary>It cannot be connected to, or must not be, or declines (403).</summary>
    Refused,

    /// <summary>It was silent for too long.</summary>
    Timeout,

    /// <summary>The connection ended before the range did; asking again for the rest is reasonable.</summary>
    Cut,

    /// <summary>It said something that makes no sense: a wrong length, a wrong range, not HTTP.</summary>
    Protocol,
}
