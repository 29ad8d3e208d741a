namespace AptP2P.Architecture.Layers;

/// <summary>The rooms of the store.</summary>
internal static class StorageLayers
{
    public static LayerTable[] Tables =>
    [
        new("AptP2P.Host.Storage", new()
        {
            ["Checking"] = ["Files", "Space"],
            ["Files"] = ["Space"],
            ["Space"] = [],
        })
        {
            Above = [""], // which store there is, and its place on the status page
        },
    ];
}
