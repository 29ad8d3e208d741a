namespace AptP2P.Architecture.Layers;

/// <summary>The folders of plugins/Source.Peers.</summary>
internal static class PeersLayers
{
    public static LayerTable[] Tables => [];
}
