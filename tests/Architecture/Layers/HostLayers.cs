namespace AptP2P.Architecture.Layers;

/// <summary>The daemon's folders, and the rooms in some of them.</summary>
internal static class HostLayers
{
    public static LayerTable[] Tables =>
    [
        new("AptP2P.Host", new()
        {
            ["Apt"] = [],
            ["Catalog"] = ["Apt", "Databases", "Fetching", "Origins", "Storage"],
            ["Daemon"] = [],
            ["Databases"] = [],
            ["Fetching"] = ["Origins", "Policy", "Storage"],
            ["Links"] = [],
            ["Origins"] = ["Daemon"],
            ["Plugins"] = ["Daemon"],
            ["Policy"] = [],
            ["Proxy"] = ["Catalog", "Daemon", "Fetching", "Origins", "Sending", "Storage"],
            ["Sending"] = ["Storage"],
            ["Sharing"] = ["Apt", "Catalog", "Fetching", "Sending", "Storage"],
            ["Storage"] = [],
            ["Traffic"] = ["Databases", "Fetching", "Proxy", "Sharing"],
        })
        {
            ForAll = ["Configuration", "Telemetry"], // to bind their options, and to be measured
            Above = [""], // Features, and what the page says of the daemon as a whole
        },
        .. PluginLayers.Tables,
        .. StorageLayers.Tables,
    ];
}
