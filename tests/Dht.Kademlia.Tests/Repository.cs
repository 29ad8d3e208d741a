using System.Runtime.CompilerServices;

namespace AptP2P.Dht.Kademlia.Tests;

/// <summary>Where the sources are, for tests that read documents.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
