namespace AptP2P.Architecture.Layers;

/// <summary>Every table: one for each part of the code that has rooms.</summary>
internal static class Layers
{
    public static IEnumerable<LayerTable> All =>
        [
            .. HostLayers.Tables,
            .. FetchingLayers.Tables,
            .. CatalogLayers.Tables,
            .. KademliaLayers.Tables,
            .. NeighboursLayers.Tables,
            .. PeersLayers.Tables,
            .. PortMappingLayers.Tables,
            .. ProxyLayers.Tables,
            .. SharedLayers.Tables,
            .. StatsLayers.Tables,
        ];

    /// <summary>Parts whose rooms go round in a circle: each loses its line here when it gets its table.</summary>
    public static string[] InNoOrderYet => [];
}
