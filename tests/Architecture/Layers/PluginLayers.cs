namespace AptP2P.Architecture.Layers;

/// <summary>The rooms of what loads plugins and lives with them.</summary>
internal static class PluginLayers
{
    public static LayerTable[] Tables =>
    [
        new("AptP2P.Host.Plugins", new() { ["Guarding"] = ["Loading"], ["Loading"] = [] })
        {
            Above = [""], // the plugins of a run, from their folders to their end
        },
    ];
}
