namespace AptP2P.Architecture.Layers;

/// <summary>The folders of plugins/Dht.Kademlia.</summary>
internal static class KademliaLayers
{
    public static LayerTable[] Tables =>
    [
        new("AptP2P.Dht.Kademlia", new()
        {
            ["Announcing"] = ["Lookups", "Messages", "Queries", "Routing", "Storage"],
            ["Answering"] = ["Announcing", "Messages", "Routing", "Storage"],
            ["Lookups"] = ["Messages", "Queries", "Routing"],
            ["Meeting"] = ["Announcing", "Lookups", "Node", "Queries", "Routing", "State", "Transport"],
            ["Messages"] = [],
            ["Node"] = ["Announcing", "Answering", "Lookups", "Messages", "Queries", "Routing", "State", "Storage"],
            ["Queries"] = ["Messages", "Routing"],
            ["Reachability"] = ["Messages"],
            ["Routing"] = ["Messages"],
            ["State"] = ["Messages"],
            ["Storage"] = [],
            ["Transport"] = ["Node", "Queries"],
        })
        {
            ForAll = ["Addressing", "Configuration"],
            Above = [""], // the service, the contract's look-up and store, metrics, status
        },
    ];
}
