using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Proxy.PassThrough;

/// <summary>What section <c>[Proxy]</c> says of what is passed through.</summary>
internal sealed class PassThroughOptions
{
    [Description("How long an origin may send nothing during a passed-through answer. apt itself waits 30 s.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ActivityTimeout { get; set; } = TimeSpan.FromSeconds(28);
}
