namespace AptP2P.Architecture.Layers;

/// <summary>The folders of src/Shared, which is compiled into the daemon and into plugins.</summary>
internal static class SharedLayers
{
    public const string Part = "AptP2P.Shared";

    public static LayerTable[] Tables => [new(Part, new() { [""] = [], ["Bencode"] = [], ["Http"] = [] })];
}
