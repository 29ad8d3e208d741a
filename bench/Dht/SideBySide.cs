using System.Security.Cryptography;
using System.Text.Json;

namespace AptP2P.Bench.Dht;

/// <summary>
/// Networks of 64 nodes each of ours, libtorrent and bittorrent-dht, one after the other in one run: a hundred random keys announced and
/// looked up by random nodes, on plain loopback, then with round trips of 20 to 300 ms, then after 20 of the 64 have fallen silent.
/// </summary>
internal static class SideBySide
{
    private const int Nodes = 64;
    private const int Few = 8; // the memory of so many is taken off that of all, and with it the runtime's own
    private const int Dead = 20;
    private const int Keys = 100;
    private const int AtOnce = 8; // where waiting is most of the time; on plain loopback one by one
    private const int WarmRounds = 4; // two of the three compile what is used often; a daemon has run for hours
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(20);

    public static async Task RunAsync()
    {
        await NodeProcess.InstallAsync();
        using var shim = new DelayShim();
        var (plain, distant, crippled) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var (index, (name, command)) in NodeProcess.Implementations.Index())
        {
            long few;
            await using (var small = await NodeProcess.StartAsync(command, $"127.{60 + index}", Few, new Dictionary<string, string>()))
            {
                await AnnounceAndFindAsync(small, Few, Few, 1);
                few = small.Memory;
            }

            await using (var loopback = await NodeProcess.StartAsync(command, $"127.{63 + index}", Nodes, new Dictionary<string, string>()))
            {
                await SettleAsync();
                for (var warming = 0; warming < WarmRounds; warming++)
                {
                    await AnnounceAndFindAsync(loopback, Nodes, Nodes, 1);
                }

                var (announced, found) = await AnnounceAndFindAsync(loopback, Nodes, Nodes, 1);
                var perNode = (loopback.Memory - few) / 1e6 / (Nodes - Few);
                plain.Add(
                    $"| {name} | {announced.Done} | {found.First} | {found.Done} | {announced.Datagrams:F0} / {found.Datagrams:F0} | "
                    + $"{perNode:F2} | {found.Found}/{Keys} |");
            }

            shim.Revive();
            await using (var far = await NodeProcess.StartAsync(command, $"127.{66 + index}", Nodes, shim.Environment))
            {
                await SettleAsync();
                var (announced, found) = await AnnounceAndFindAsync(far, Nodes, Nodes, AtOnce);
                distant.Add(
                    $"| {name} | {announced.Done} | {found.First} | {found.Done} | {announced.Datagrams:F0} / {found.Datagrams:F0} | "
                    + $"{found.Found}/{Keys} |");

                // By nodes that live on; then the others die.
                var alive = await AnnounceAsync(far, Nodes - Dead, AtOnce);
                shim.Kill(Enumerable.Range(Nodes - Dead + 1, Dead));
                var late = await FindAsync(far, alive.Keys, Nodes - Dead, 2 * AtOnce);
                crippled.Add($"| {name} | {late.First} | {late.Done} | {late.Datagrams:F0} | {late.Found}/{Keys} |");
            }

            Console.Error.WriteLine($"{name}: {plain[^1]} {distant[^1]} {crippled[^1]}");
        }

        Print("Plain loopback", "announce | first peer | look-up done | datagrams per announce / look-up | MB per node | found", plain);
        Print("Round trips of 20 to 300 ms", "announce | first peer | look-up done | datagrams per announce / look-up | found", distant);
        Print(
            $"The same after {Dead} of {Nodes} have died silently", "first peer | look-up done | datagrams per look-up | found", crippled);
    }

    private static Task SettleAsync() => Task.Delay(Settling, TimeProvider.System);

    private static async Task<(Series Announced, Series Found)> AnnounceAndFindAsync(
        NodeProcess process, int announcers, int finders, int atOnce)
    {
        var announced = await AnnounceAsync(process, announcers, atOnce);
        return (announced.Series, await FindAsync(process, announced.Keys, finders, atOnce));
    }

    private static async Task<(Series Series, List<(string Key, int By)> Keys)> AnnounceAsync(
        NodeProcess process, int announcers, int atOnce)
    {
        var keys = Enumerable.Range(0, Keys).Select(number => (Key: RandomKey(), By: number % announcers)).ToList();
        var series = new Series();
        await EachAsync(keys, atOnce, async item => series.Add(await process.AskAsync("announce", item.By, item.Key)));
        return (series, keys);
    }

    // Consecutive numbers, so that no node has two of them at a time.
    private static async Task<Series> FindAsync(NodeProcess process, List<(string Key, int By)> keys, int finders, int atOnce)
    {
        var series = new Series();
        await EachAsync(keys, atOnce, async item =>
            series.Add(await process.AskAsync("find", (item.By + (finders / 2)) % finders, item.Key)));
        return series;
    }

    private static async Task EachAsync<T>(IEnumerable<T> items, int atOnce, Func<T, Task> action)
    {
        foreach (var batch in items.Chunk(atOnce))
        {
            await Task.WhenAll(batch.Select(action));
        }
    }

    private static string RandomKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));

    private static void Print(string title, string columns, List<string> rows)
    {
        Console.WriteLine(
            $"{title}, {Nodes} nodes; milliseconds are median/p95:\n\n"
                + $"| | {columns} |\n|---{string.Concat(columns.Split('|').Select(static _ => "|---"))}|");
        rows.ForEach(Console.WriteLine);
        Console.WriteLine();
    }

    /// <summary>What a number of commands took.</summary>
    private sealed class Series
    {
        private readonly List<double> _first = [];
        private readonly List<double> _done = [];
        private readonly List<double> _datagrams = [];

        public string First => Times(_first);

        public string Done => Times(_done);

        public double Datagrams => _datagrams.Average();

        public int Found => _first.Count;

        public void Add(JsonElement answer)
        {
            lock (_done)
            {
                _done.Add(answer.GetProperty("done").GetDouble());
                _datagrams.Add(answer.GetProperty("datagrams").GetDouble());
                if (answer.TryGetProperty("peers", out var peers) && peers.GetArrayLength() > 0)
                {
                    _first.Add(answer.GetProperty("first").GetDouble());
                }
            }
        }

        private static string Times(List<double> seconds)
        {
            seconds.Sort();
            return seconds.Count == 0 ? "-" : $"{Format(seconds[seconds.Count / 2])}/{Format(seconds[seconds.Count * 95 / 100])}";
        }

        private static string Format(double seconds) => seconds < 0.02 ? $"{1000 * seconds:F1}" : $"{1000 * seconds:N0}";
    }
}
