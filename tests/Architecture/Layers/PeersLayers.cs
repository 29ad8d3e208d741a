namespace AptP2P.Architecture.Layers;

/// <summary>The folders of plugins/Source.Peers.</summary>
internal static class PeersLayers
{
    public static LayerTable[] Tables =>
    [
        new("AptP2P.Source.Peers", new()
        {
            ["Addresses"] = [],
            ["Fetching"] = ["Addresses", "Ledger", "Messages", "Reputation", "Traffic"],
            ["Ledger"] = ["Addresses"],
            ["Messages"] = [],
            ["Reputation"] = ["Addresses"],
            ["Serving"] = ["Addresses", "Ledger", "Messages", "Traffic"],
            ["Traffic"] = [],
        })
        {
            ForAll = ["Configuration"],
            Above = [""], // the plugin, and what the page says of it
        },
    ];
}
