namespace AptP2P.Architecture.Layers;

/// <summary>The folders of plugins/Dht.Kademlia.</summary>
internal static class KademliaLayers
{
    public static LayerTable[] Tables => [];
}
