using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Proxy.ReadAhead;

/// <summary>What section <c>[Proxy]</c> says of requests that wait for their turn.</summary>
internal sealed class ReadAheadOptions
{
    [Description(
        "How many requests that wait behind the present one on a connection are begun at once: apt sends up to 10 before it has the "
        + "first answer. 0 for none.")]
    [Range(0, 100)]
    public int ReadAhead { get; set; } = 10;
}
