using System.Net;
using System.Text.Json.Nodes;

namespace AptP2P.Bench;

/// <summary>The daemon that this build made, in a process of its own.</summary>
internal sealed class Daemon(IPEndPoint endPoint, Server process) : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>For a daemon as users have it, with the plugins that the others do without; they find nobody on loopback.</summary>
    public static IEnumerable<string> AllPlugins { get; } = ["--Host:Without=", "--Neighbours.Lan:Interfaces=none"];

    public Server Process => process;

    public IPEndPoint EndPoint => endPoint;

    /// <param name="endPoint">Where it listens.</param>
    /// <param name="state">Its state folder.</param>
    /// <param name="options">Further ones, as on its command line.</param>
    public static async Task<Daemon> StartAsync(IPEndPoint endPoint, string state, params IEnumerable<string> options) =>
        new(endPoint, await Server.StartAsync(endPoint, "dotnet", [Arguments.Build("Host"), .. Options(endPoint, state), .. options]));

    /// <summary>What every daemon of a benchmark is told.</summary>
    public static IEnumerable<string> Options(IPEndPoint endPoint, string state) =>
    [
        $"--Host:Bind={endPoint.Address}", $"--Host:Port={endPoint.Port}", $"--Host:State={state}", "--Host:Log=Warning",
        "--Host:Without=Neighbours.Lan,PortMapping", // nothing is to leave this machine
        "--Dht.Kademlia:Routers=",
        "--Catalog:AptLists=", // the machine's own are no part of it
        "--Catalog:Signatures=off", // the archive has none, and a Release would wait for it
        "--Sharing:Archives=*", // the archive is on this machine, which nobody would share by itself
    ];

    /// <summary>Lets it see an archive's indexes, and waits until it knows the packages.</summary>
    public static async Task LearnAsync(IPEndPoint endPoint, Uri origin)
    {
        using var client = new HttpClient();
        foreach (var index in Archive.Indexes)
        {
            await client.GetByteArrayAsync(new Uri($"http://{endPoint}/{origin.Authority}/{index}"));
        }

        await WaitAsync(endPoint, "catalog", "learned", learned => learned >= Archive.Indexes.Count);
    }

    /// <summary>Waits for a number of its status page.</summary>
    public static async Task WaitAsync(IPEndPoint endPoint, string section, string key, Func<long, bool> isEnough)
    {
        using var client = new HttpClient();
        var began = TimeProvider.System.GetTimestamp();
        while (await ReadAsync(client, endPoint, section, key) is var number && !isEnough(number))
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new InvalidOperationException($"{section}.{key} of {endPoint} stays {number}");
            }

            await Task.Delay(Step, TimeProvider.System);
        }
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static async Task<long> ReadAsync(HttpClient client, IPEndPoint endPoint, string section, string key) =>
        JsonNode.Parse(await client.GetStringAsync(new Uri($"http://{endPoint}/p2p/status")))![section]![key]!.GetValue<long>();
}
