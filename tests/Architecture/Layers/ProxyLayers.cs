namespace AptP2P.Architecture.Layers;

/// <summary>The rooms of what stands between apt and its mirrors.</summary>
internal static class ProxyLayers
{
    public static LayerTable[] Tables =>
    [
        new("AptP2P.Host.Origins", new()
        {
            ["Connecting"] = [],
            ["Http"] = ["Mirrors"],
            ["Mirrors"] = [],
        })
        {
            Above = [""], // registration
        },
    ];
}
