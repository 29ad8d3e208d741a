using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;

namespace AptP2P.Host.Origins.Http;

/// <summary>
/// What this daemon adds to the <c>Via</c> of each request that leaves for an origin (RFC 9110, section 7.6.3), and by which it knows one
/// that has come back: through a second daemon, a wrong DNS, or an address that leads here by way of a router. Another daemon's mark is no
/// reason to refuse: a machine may well ask another one on purpose.
/// </summary>
internal sealed class ViaMark
{
    private const string Program = "apt-p2p";

    // anew at each start: nobody is known by it for long
    private readonly string _name = $"{Program}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";

    /// <summary>One entry of the field.</summary>
    public string Entry => $"1.1 {_name}";

    /// <summary>Whether a request was here already.</summary>
    public bool IsIn(StringValues via) => via.Any(entry => entry?.Contains(_name, StringComparison.Ordinal) == true);

    /// <summary>
    /// The entries of daemons such as this: all that may go on to an origin, which other proxies a client uses is none of its business.
    /// </summary>
    public static string[] OfDaemons(StringValues via) =>
        [
            .. via.SelectMany(entries => entries?.Split(',', StringSplitOptions.TrimEntries) ?? [])
                .Where(entry => entry.Contains(Program, StringComparison.Ordinal)),
        ];
}
