using System.Buffers.Binary;
using System.Security.Cryptography;
using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Channels;
using AptP2P.Host.Fetching.Crowd;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Host.Policy;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Fetching;

/// <summary>What all fetches share; one for the daemon.</summary>
internal sealed class FetchEnvironment(
    ChannelEnvironment channels, PolicyChoice policy, IOptions<FetchOptions> options, IOptions<CrowdOptions> crowd, WorkPlan plan,
    MirrorList mirrors, FetchMetrics metrics)
{
    /// <summary>What their channels share.</summary>
    public ChannelEnvironment Channels => channels;

    public PolicyChoice Policy => policy;

    public FetchOptions Options => options.Value;

    public CrowdOptions Crowd => crowd.Value;

    public WorkPlan Plan => plan;

    /// <summary>Which origins a client asked for.</summary>
    public NamedOrigins Named { get; } = new(mirrors);

    public FetchMetrics Metrics => metrics;

    public TimeProvider Time => channels.Time;

    /// <summary>What this node is called among those that get the same content at the same moment.</summary>
    public ulong Node { get; init; } = BinaryPrimitives.ReadUInt64BigEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>Whether a content is worth sharing the work with others who begin at the same moment.</summary>
    public bool IsForCrowd(long length) => length >= Crowd.CrowdFrom.Bytes;
}
