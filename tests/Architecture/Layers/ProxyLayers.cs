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
        new("AptP2P.Host.Proxy", new()
        {
            ["Accounting"] = ["Answers"],
            ["Answers"] = [],
            ["Connections"] = ["ReadAhead", "Requests", "Tunnels"],
            ["Contents"] = ["Accounting", "Answers"],
            ["Doubts"] = ["Indexes", "Metadata"],
            ["Indexes"] = [],
            ["Metadata"] = ["Accounting", "Answers", "Indexes", "PassThrough"],
            ["PassThrough"] = ["Accounting", "Answers", "Indexes"],
            ["ReadAhead"] = ["Contents", "Indexes", "Requests"],
            ["Requests"] = [],
            ["Tunnels"] = ["Answers", "Requests"],
        })
        {
            Above = [""], // the stories of a request and of a connection, and registration
        },
    ];
}
