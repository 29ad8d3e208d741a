namespace AptP2P.Architecture.Layers;

/// <summary>The daemon's folders.</summary>
internal static class HostLayers
{
    public static LayerTable[] Tables =>
    [
        new("AptP2P.Host", new()
        {
            ["Apt"] = [],
            ["Catalog"] = ["Apt", "Fetching", "Origins", "Storage"],
            ["Fetching"] = ["Origins", "Policy", "Storage"],
            ["Origins"] = [],
            ["Plugins"] = [],
            ["Policy"] = [],
            ["Proxy"] = ["Catalog", "Fetching", "Origins", "Sending", "Storage"],
            ["Sending"] = ["Storage"],
            ["Sharing"] = ["Catalog", "Fetching", "Sending", "Storage"],
            ["Storage"] = [],
            ["Telemetry"] = [],
        })
        {
            ForAll = ["Configuration"], // to bind their options
            Above = [""], // Features
        },
    ];
}
