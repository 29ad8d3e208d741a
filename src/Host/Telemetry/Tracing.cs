using System.Diagnostics;

namespace AptP2P.Host.Telemetry;

/// <summary>
/// Where the daemon's spans begin (docs/metrics.md lists them). Without a listener nothing is made, and a span names no peer, no client and
/// no mirror.
/// </summary>
internal static class Tracing
{
    public const string Name = "AptP2P.Host";

    public static readonly ActivitySource Source = new(Name);

    /// <summary>Begins a span of something that others follow from, and are no part of: theirs are beside it, not below.</summary>
    public static Activity? StartBeside(string name)
    {
        var span = Source.StartActivity(name);
        if (span is not null)
        {
            Activity.Current = span.Parent;
        }

        return span;
    }
}
