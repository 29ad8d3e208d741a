namespace AptP2P.Architecture.Layers;

/// <summary>The folders of plugins/Stats.</summary>
internal static class StatsLayers
{
    public static LayerTable[] Tables => [new("AptP2P.Stats", new()
        {
            ["Help"] = [],
            ["Live"] = ["Page", "Sections"],
            ["Page"] = ["Help", "Sections"],
            ["Sections"] = [],
        }) { Above = [""] }];
}
