using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Proxy.Indexes;

/// <summary>What section <c>[Proxy]</c> says of indexes that are still to be read.</summary>
internal sealed class IndexOptions
{
    [Description(
        "How long a request waits for a Release or an index that has just come from its archive to be read, if that may name what is "
        + "asked for: known, it can be shared. The mirror is not asked meanwhile.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:25")]
    public TimeSpan IndexWait { get; set; } = TimeSpan.FromSeconds(2);
}
