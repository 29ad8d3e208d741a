using AptP2P.Host.Origins.Mirrors;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Fetching.Channels;

/// <summary>What the channels of all fetches share; one for the daemon.</summary>
internal sealed class ChannelEnvironment(
    IEnumerable<ISource> sources, IOptions<ChannelOptions> options, PeerRecord peers, Speeds speeds, OriginHealth origins,
    TimeProvider time, PeerConsent? consent = null)
{
    private readonly ISource[] _sources = [.. sources];

    public ChannelOptions Options => options.Value;

    /// <summary>Whether peers are worth waiting for.</summary>
    public PeerRecord Peers => peers;

    /// <summary>Who brings it sooner.</summary>
    public Speeds Speeds => speeds;

    /// <summary>Which origins were in trouble lately.</summary>
    public OriginHealth Origins => origins;

    /// <summary>Limits what a source's code may hold up.</summary>
    public SourceGates Gates { get; } = new();

    public TimeProvider Time => time;

    /// <summary>Whether there is a source of this role.</summary>
    public bool HasSource(SourceRole role) => _sources.Any(source => source.Role == role);

    /// <summary>The sources of a role that may be asked now.</summary>
    public IEnumerable<ISource> SourcesOf(SourceRole role) => _sources.Where(source => source.Role == role && !Gates.IsLeftOut(source));

    /// <summary>Whether peers may be told that a content is wanted here.</summary>
    public bool MayAskPeers(Content content) => consent?.Invoke(content) ?? true;
}
