namespace AptP2P.Architecture.Layers;

/// <summary>The folders of plugins/Neighbours.Lan.</summary>
internal static class NeighboursLayers
{
    public static LayerTable[] Tables =>
    [
        new("AptP2P.Neighbours.Lan", new()
        {
            ["Announcing"] = ["Links", "Listening"],
            ["Datagrams"] = [],
            ["Links"] = ["Datagrams"],
            ["Listening"] = ["Datagrams", "Links"],
            ["Sockets"] = ["Datagrams", "Links"],
        })
        {
            ForAll = ["Configuration"],
            Above = [""], // the plugin, its service, and what the page says of it
        },
    ];
}
