using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;

namespace AptP2P.Stats;

internal sealed class StatsOptions
{
    [Description("Networks that may see the status. This machine only, because it says what is installed here.")]
    public IPNetwork[] Allow { get; set; } = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];

    [Description("How long one section may take, before the page is shown without it.")]
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan SectionTime { get; set; } = TimeSpan.FromSeconds(2);

    [Description("How many pages may be open and live at a time. Each holds a connection and gets a few kilobytes every second.")]
    [Range(0, 1_000)]
    public int Streams { get; set; } = 50;
}
