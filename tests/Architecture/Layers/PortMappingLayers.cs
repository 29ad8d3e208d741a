namespace AptP2P.Architecture.Layers;

/// <summary>The folders of plugins/PortMapping.</summary>
internal static class PortMappingLayers
{
    public static LayerTable[] Tables =>
    [
        new("AptP2P.Ports", new()
        {
            ["Igd"] = [],
            ["Keeping"] = [],
            ["NatPmp"] = [],
            ["Pcp"] = [],
            ["Sockets"] = [],
        })
        {
            ForAll = ["Configuration", "Gateways"],
            Above = [""], // the plugin, its service, and what the page says of it
        },
    ];
}
