namespace AptP2P.Host.Daemon;

/// <summary>An option that people use, in a few words.</summary>
internal sealed record HelpLine(string Section, string Key, string Meaning);

/// <summary>
/// What <c>--help</c> shows: what people change, out of hundreds of options. A list, since plugins' options are among them and the few
/// words are others than the description. That of a plugin that is not there is left out.
/// </summary>
internal static class HelpLines
{
    public static IReadOnlyList<(string Title, HelpLine[] Lines)> Groups { get; } =
    [
        ("This daemon", [
            new("Host", "Port", "where it listens: TCP for apt and peers, the same number in UDP for the DHT"),
            new("Host", "State", "the folder for packages and state; empty: below the cache folder of the service or user"),
            new("Store", "Quota", "how much disk it may take"),
            new("Host", "Log", "the least important messages to log: Debug, Information, Warning, Error"),
        ]),
        ("Who may use it", [
            new("Proxy", "Allow", "networks whose machines may get packages through it, such as 192.168.1.0/24"),
            new("Stats", "Allow", "networks that may see its status page"),
        ]),
        ("Sharing", [
            new("Sharing", "Reach", "with whom it exchanges files, and so who sees what you download: World, Lan or Off"),
            new("Sharing", "Archives", "whose files are shared; empty: all public archives. Add a mirror of your own by public,HOST"),
            new("Sharing", "NetworkSecret", "makes a network of your own of all nodes that have it"),
            new("Source.Peers", "UploadLimit", "bytes per second given to all peers beyond the local network together"),
            new("Dht.Kademlia", "Bootstrap", "nodes to join the network by, host:port"),
        ]),
        ("Mirrors", [
            new("Origins", "Mirrors", "roots of one archive, the best first: the next is used when one fails"),
        ]),
    ];
}
