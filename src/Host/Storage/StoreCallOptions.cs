using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Storage;

/// <summary>Of section <c>[Store]</c>: how long a plugin's store may take.</summary>
internal sealed class StoreCallOptions
{
    [Description("How long a call of a plugin's store may take. While one takes longer, files are passed through.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:25")]
    public TimeSpan CallTime { get; set; } = TimeSpan.FromSeconds(5);
}
