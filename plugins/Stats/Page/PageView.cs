using AptP2P.Stats.Sections;

namespace AptP2P.Stats.Page;

/// <summary>What a part of the page is made from.</summary>
/// <param name="Status">What all sections said.</param>
/// <param name="Span">The span of the chart that is looked at: the key of a <see cref="StatusSpan"/>.</param>
/// <param name="Zone">The machine's; the browser's own takes its place where scripts run.</param>
internal sealed record PageView(StatusSnapshot Status, string Span, TimeZoneInfo Zone);
