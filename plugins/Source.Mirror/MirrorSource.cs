using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AptP2P.Source.Mirror;

/// <summary>One channel for each origin of a content, in the archive's order of preference.</summary>
internal sealed class MirrorSource(
    IOriginClient client, OriginSlots slots, IOptions<MirrorOptions> options, TimeProvider time, MirrorMetrics metrics,
    ILogger<MirrorSource> logger) : ISource
{
    public string Name => "mirror";

    public SourceRole Role => SourceRole.Origin;

    public async IAsyncEnumerable<IChannel> OpenAsync(
        Content content, SearchEffort effort, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask; // the origins are known; nothing is searched
        Origin[] origins = [.. content.Origins.Where(origin => origin.Scheme is "http" or "https")];
        foreach (var origin in origins)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new MirrorChannel(origin, content.Length, client, slots, options.Value, time, metrics, logger)
            {
                // an index has a name by its hash, beside its plain one
                Name = origins.Count(other => other.Authority == origin.Authority) == 1 ? origin.Authority : origin.ToString(),
            };
        }
    }
}
