using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Fetching;

/// <summary>What is waited for that others do: another archive, a plugin, whoever reads from a fetch that is over.</summary>
internal sealed partial class FetchOptions
{
    [Description(
        "How long a client waits for a file that another archive's fetch is bringing, as long as that is getting on well enough to end "
        + "in this time. Nothing of it is handed out before its hash is right; a client that does not wait gets the file as it comes "
        + "from its own archive.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:25")]
    public TimeSpan OthersTime { get; set; } = TimeSpan.FromSeconds(10);

    [Description(
        "When no byte has come from anywhere for this long and there is an origin, the origin is asked, whatever the policy says. Longer "
        + "than the policies wait that come with the daemon.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:25")]
    public TimeSpan OriginAnyway { get; set; } = TimeSpan.FromSeconds(5);

    [Description("How long a plugin may take to decide, or to end what it was told to end. After that the fetch goes on without it.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:25")]
    public TimeSpan PluginTime { get; set; } = TimeSpan.FromSeconds(1);

    [Description("How long those who still read from a fetch that has failed may keep whoever wants the file anew waiting.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:20")]
    public TimeSpan LetGo { get; set; } = TimeSpan.FromSeconds(1);
}
