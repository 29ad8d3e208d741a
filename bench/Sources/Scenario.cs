namespace AptP2P.Bench.Sources;

/// <summary>What surrounds a daemon.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Plugins">Whether it has all of its plugins, or only the mirror and the status page.</param>
/// <param name="Peers">How those behave who announced the files; nobody did when it is missing.</param>
/// <param name="Count">How many of them; by default as many as the command line says.</param>
internal sealed record Scenario(string Name, bool Plugins = true, Conduct? Peers = null, int? Count = null)
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("mirror only, no DHT and no peers", Plugins: false),
        new("no peers"),
        new("peers that are gone", Peers: Conduct.Gone),
        new("peers that do not answer", Peers: Conduct.Silent),
        new("peers that hang", Peers: Conduct.Hanging),
        new("peers that trickle", Peers: Conduct.Trickling),
        new("peers that lie", Peers: Conduct.Lying),
        new("peers that are slower", Peers: Conduct.Slow),
        new("good peers", Peers: Conduct.Good),
        new("one good neighbour", Peers: Conduct.Good, Count: 1),
    ];
}
