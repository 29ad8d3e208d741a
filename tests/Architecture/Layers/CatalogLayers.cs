namespace AptP2P.Architecture.Layers;

/// <summary>What archives say: the readers of their files, and the catalog of what those name.</summary>
internal static class CatalogLayers
{
    public static LayerTable[] Tables =>
    [
        new("AptP2P.Host.Apt", new()
        {
            ["Fields"] = [],
            ["Indexes"] = ["Fields"],
            ["Paths"] = ["Fields"],
            ["Releases"] = ["Fields", "Paths"],
        }),
        new("AptP2P.Host.Catalog", new()
        {
            ["Archives"] = ["Database"],
            ["Database"] = [],
            ["Decompression"] = [],
            ["Identifying"] = ["Database", "Suites"],
            ["Learning"] = ["Database", "Decompression", "Signatures", "Suites"],
            ["Metadata"] = ["Learning", "Signatures"],
            ["Refresh"] = ["Identifying", "Learning", "Metadata", "Suites"],
            ["Signatures"] = [],
            ["Suites"] = ["Database", "Signatures"],
        })
        {
            Above = [""], // CatalogServices, CatalogStatus
        },
    ];
}
