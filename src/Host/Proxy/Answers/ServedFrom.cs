namespace AptP2P.Host.Proxy.Answers;

/// <summary>Where an answer came from: the <c>X-Cache</c> header, and a tag in the metrics.</summary>
internal enum ServedFrom
{
    /// <summary>The store.</summary>
    Hit,

    /// <summary>Passed through, since its hash is not known.</summary>
    Miss,

    /// <summary>A fetch in which peers take part.</summary>
    Peers,

    /// <summary>A fetch from the mirror alone.</summary>
    Mirror,

    /// <summary>The last good copy, since the mirror does not answer.</summary>
    Stale,

    /// <summary>A fetch from the operator's own copies, without peers.</summary>
    Local,
}

/// <summary>What each is called outside: made once, since every answer names it.</summary>
internal static class ServedFromNames
{
    private static readonly string[] _headers = [.. Enum.GetNames<ServedFrom>().Select(name => name.ToUpperInvariant())];
    private static readonly KeyValuePair<string, object?>[] _tags =
    [
        .. Enum.GetNames<ServedFrom>().Select(name => new KeyValuePair<string, object?>("aptp2p.served_from", name.ToLowerInvariant())),
    ];

    public static string ToHeader(this ServedFrom from) => _headers[(int)from];

    public static KeyValuePair<string, object?> ToTag(this ServedFrom from) => _tags[(int)from];
}
