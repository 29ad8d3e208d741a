using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Neighbours.Lan.Configuration;

/// <summary>How neighbours are looked for.</summary>
[FormerKey("NetworkSecret", "it is [Sharing] NetworkSecret now, once for the DHT and for neighbours")]
public sealed class LanOptions
{
    [Description(
        "Interfaces, by name, on which neighbours are looked for. Empty: all that can multicast and have a private or link-local address. "
        + "lo finds the daemons of this machine alone.")]
    public string[] Interfaces { get; set; } = [];

    [Description("How often this node says that it is there.")]
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(5);

    [Description("How long a neighbour is remembered that says nothing.")]
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan NeighbourLife { get; set; } = TimeSpan.FromMinutes(15);

    [Description("Neighbours remembered. Stops made-up ones from filling the memory; who is known stays, and newcomers wait.")]
    [Range(1, 10_000)]
    public int MaxNeighbours { get; set; } = 256;

    [Description("Neighbours of one address, each at a port of its own. Stops one machine from taking all the room.")]
    [Range(1, 1000)]
    public int MaxNeighboursPerAddress { get; set; } = 8;

    [Description(
        "Interfaces used at a time, those with IPv4 first. Stops a host with hundreds of containers from sending hundreds of times.")]
    [Range(1, 1000)]
    public int MaxInterfaces { get; set; } = 16;

    [Description("Datagrams of our network that are read in a second. Stops a flood from keeping this node, and who listens to it, busy.")]
    [Range(1, 10_000)]
    public int DatagramsPerSecond { get; set; } = 10;

    [Description(
        "Datagrams sent in a minute on one interface, at most: answers to newcomers, and what is said after changes of the network. Stops "
        + "made-up newcomers, and a line that comes and goes, from making this node send without end.")]
    [Range(4, 10_000)]
    public int SendsPerMinute { get; set; } = 20;
}
