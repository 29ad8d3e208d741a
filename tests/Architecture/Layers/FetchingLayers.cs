namespace AptP2P.Architecture.Layers;

/// <summary>The rooms of src/Host/Fetching. Above them, in the folder itself, is the life of a fetch.</summary>
internal static class FetchingLayers
{
    public static LayerTable[] Tables =>
    [
        new("AptP2P.Host.Fetching", new()
        {
            ["Channels"] = [],
            ["Blocks"] = ["Channels"],
            ["Trust"] = ["Blocks", "Channels"],
            ["Building"] = ["Blocks", "Channels", "Trust"],
            ["Crowd"] = ["Blocks", "Building", "Channels"],
        })
        {
            Above = [""],
        },
    ];
}
