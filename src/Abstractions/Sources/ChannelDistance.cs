namespace AptP2P;

/// <summary>How far the other end of a channel is; nearer is preferred.</summary>
public enum ChannelDistance
{
    /// <summary>This machine.</summary>
    SameHost,

    /// <summary>The same local network.</summary>
    SameNetwork,

    /// <summary>Anywhere else.</summary>
    Other,
}
