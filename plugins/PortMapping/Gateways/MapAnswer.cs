using System.Net;

namespace AptP2P.Ports.Gateways;

/// <summary>What became of a request; one of these.</summary>
internal abstract record MapAnswer
{
    /// <summary>It is mapped.</summary>
    public sealed record Granted(IPEndPoint External, TimeSpan Lifetime) : MapAnswer;

    /// <summary>It is not, and the router said why; in words that can stand behind the protocol's name.</summary>
    public sealed record Refused(string Words) : MapAnswer;

    /// <summary>Nothing was asked for, since this is the router's own address, which leads nobody here.</summary>
    public sealed record Behind(IPAddress Address) : MapAnswer;

    /// <summary>Whether it is mapped is not known.</summary>
    public sealed record Silent : MapAnswer;
}
