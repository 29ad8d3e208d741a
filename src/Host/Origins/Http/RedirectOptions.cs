using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Origins.Http;

/// <summary>What section <c>[Origins]</c> says of redirects.</summary>
internal sealed class RedirectOptions
{
    [Description(
        "How long the files of an archive are asked for where a redirect led its Release to: a director's next answer may be an older "
        + "mirror. 0 for not at all.")]
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan KeepMirror { get; set; } = TimeSpan.FromHours(1);
}
