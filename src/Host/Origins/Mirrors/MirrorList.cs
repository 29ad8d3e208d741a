using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Origins.Mirrors;

/// <summary>Where else a file is to be had, by what the operator says.</summary>
internal sealed class MirrorList(IOptions<FailoverOptions> options, OriginHealth health)
{
    /// <summary>The origin itself, and its mirrors in the operator's order.</summary>
    public ImmutableArray<Origin> Of(Origin origin)
    {
        foreach (var group in options.Value.Mirrors)
        {
            if (group.Roots.FirstOrDefault(root => root.Holds(origin)) is { } own)
            {
                return [origin, .. group.Roots.Where(root => root != own).Select(root => own.Move(origin, root)).OfType<Origin>()];
            }
        }

        return [origin];
    }

    /// <summary>The same, those that were in trouble lately last: the order in which to ask.</summary>
    public IReadOnlyList<Origin> InTurn(Origin origin) => [.. Of(origin).OrderBy(one => health.IsTroubled(one.Authority))];

    public void WasInTrouble(Origin origin) => health.WasInTrouble(origin.Authority);
}
