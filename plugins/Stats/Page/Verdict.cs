using AptP2P.Stats.Sections;

namespace AptP2P.Stats.Page;

/// <summary>Whether it works, in a sentence.</summary>
/// <param name="State">A word for the JSON: <c>world</c>, <c>lan</c>, <c>alone</c> or <c>cache</c>.</param>
/// <param name="Sentence">The same for people.</param>
/// <param name="Symbol">The same for those who do not tell colours apart.</param>
internal sealed record Verdict(string State, string Sentence, string Symbol)
{
    public static Verdict Of(StatusSnapshot status)
    {
        var network = status.Value("network", "verdict") as string;
        var isOff = network == "off" || (status.Value("sharing", "reach") as string)?.StartsWith("off", StringComparison.Ordinal) == true;
        var isKnown = network is not null || status.Value("lan", "running") is true;
        return (isOff || !isKnown, network, status.Number("lan", "neighbours") > 0) switch
        {
            (true, _, _) => new("cache", "Working as a plain cache.", "\u25cb"),
            (_, "world", _) => new("world", "Sharing with the world.", "\u25cf"),
            (_, "lan", _) or (_, _, true) => new("lan", "Sharing on this network only.", "\u25d0"),
            _ => new("alone", "Alone: no other machine found yet.", "\u25cc"),
        };
    }
}
