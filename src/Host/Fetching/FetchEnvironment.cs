using System.Buffers.Binary;
using System.Security.Cryptography;
using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Channels;
using AptP2P.Host.Origins;
using AptP2P.Host.Policy;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Fetching;

/// <summary>What every fetch needs; one for the daemon.</summary>
internal sealed class FetchEnvironment(
    IEnumerable<ISource> sources, PolicyChoice policy, IOptions<FetchOptions> options, WorkPlan plan, OriginMemory origins,
    MirrorList mirrors, PeerRecord peers, FetchMetrics metrics, TimeProvider time, PeerConsent? consent = null)
{
    public IReadOnlyList<ISource> Sources { get; } = [.. sources];

    public PolicyChoice Policy => policy;

    public FetchOptions Options => options.Value;

    public WorkPlan Plan => plan;

    /// <summary>Which origins were in trouble lately.</summary>
    public OriginMemory Origins => origins;

    /// <summary>What a source's code may hold up.</summary>
    public SourceGates Gates { get; } = new();

    /// <summary>Which origins a client asked for.</summary>
    public NamedOrigins Named { get; } = new(mirrors);

    /// <summary>Whether peers are worth waiting for.</summary>
    public PeerRecord Peers => peers;

    /// <summary>Whether a content is worth sharing the work with others who begin at the same moment.</summary>
    public bool IsForCrowd(long length) => length >= Options.CrowdFrom.Bytes;

    /// <summary>Whether peers may be told that a content is wanted here.</summary>
    public bool MayAskPeers(Content content) => consent?.Invoke(content) ?? true;

    public FetchMetrics Metrics => metrics;

    public TimeProvider Time => time;

    /// <summary>What this node is called among those that get the same content at the same moment.</summary>
    public ulong Node { get; init; } = BinaryPrimitives.ReadUInt64BigEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}
