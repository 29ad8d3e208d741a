using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Interop;

/// <summary>
/// Nodes of another implementation in a process of their own, driven by lines of JSON. Every wait ends with an answer; patience only turns
/// a hang into a failure.
/// </summary>
internal sealed class ForeignNetwork : IAsyncDisposable
{
    public const int Port = 6881;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Dht.Kademlia.Tests", "Interop", "foreign");
    private static readonly SemaphoreSlim Installing = new(1);

    private readonly Process _process;

    private ForeignNetwork(Process process, IReadOnlyList<IPEndPoint> nodes) => (_process, Nodes) = (process, nodes);

    public IReadOnlyList<IPEndPoint> Nodes { get; }

    /// <summary>Debian's libtorrent: for the system's own Python, whatever other Pythons there are.</summary>
    public static async Task<ForeignNetwork> StartLibtorrentAsync(string block, int count, IPEndPoint? bootstrap = null, int first = 1)
    {
        var probe = await RunAsync("/usr/bin/python3", "-c", "import libtorrent");
        return probe is null
            ? await StartAsync("/usr/bin/python3", "libtorrent_nodes.py", block, first, count, bootstrap)
            : throw Requirement.Missing($"Python's libtorrent cannot be used: {probe}");
    }

    /// <summary>bittorrent-dht, installed by npm as its lock file says.</summary>
    public static async Task<ForeignNetwork> StartBittorrentDhtAsync(string block, int count, IPEndPoint? bootstrap = null, int first = 1)
    {
        await Installing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!Directory.Exists(Path.Combine(Folder, "node_modules", "bittorrent-dht"))
                && await RunAsync("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", Folder) is { } problem)
            {
                throw Requirement.Missing($"npm cannot install bittorrent-dht: {problem}");
            }
        }
        finally
        {
            Installing.Release();
        }

        return await StartAsync("node", "bittorrent_dht_nodes.mjs", block, first, count, bootstrap);
    }

    /// <summary>Has a node announce itself under a key, and waits until it has done so.</summary>
    public Task AnnounceAsync(int node, NodeId key) => AskAsync(new { @do = "announce", node = node % Nodes.Count, key = $"{key}" });

    /// <summary>Has a node look a key up to the end.</summary>
    public async Task<IReadOnlyList<IPEndPoint>> FindAsync(int node, NodeId key)
    {
        var answer = await AskAsync(new { @do = "find", node = node % Nodes.Count, key = $"{key}" });
        return [.. answer.GetProperty("peers").EnumerateArray().Select(static peer => IPEndPoint.Parse(peer.GetString()!))];
    }

    /// <summary>Has a node store a text as an immutable item.</summary>
    /// <returns>Where, and on how many nodes.</returns>
    public async Task<(NodeId Target, int Stored)> PutAsync(int node, string value)
    {
        var answer = await AskAsync(new { @do = "put", node = node % Nodes.Count, value });
        return (new NodeId(answer.GetProperty("target").GetBytesFromHex()), answer.GetProperty("stored").GetInt32());
    }

    /// <summary>Has a node get an immutable item.</summary>
    /// <returns>It, bencoded.</returns>
    public async Task<byte[]?> GetAsync(int node, NodeId target)
    {
        var value = (await AskAsync(new { @do = "get", node = node % Nodes.Count, target = $"{target}" })).GetProperty("value");
        return value.ValueKind == JsonValueKind.Null ? null : value.GetBytesFromHex();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close(); // its sign to go
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<ForeignNetwork> StartAsync(
        string program, string script, string block, int first, int count, IPEndPoint? bootstrap)
    {
        object[] arguments = [Path.Combine(Folder, script), block, first, count, Port, .. bootstrap is null ? (object[])[] : [bootstrap]];
        var process = Start(program, arguments) ?? throw Requirement.Missing($"there is no {program}");
        try
        {
            var ready = await ReadAsync(process);
            return new ForeignNetwork(
                process, [.. ready.GetProperty("nodes").EnumerateArray().Select(static node => IPEndPoint.Parse(node.GetString()!))]);
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    private async Task<JsonElement> AskAsync(object command)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command));
        await _process.StandardInput.FlushAsync();
        return await ReadAsync(_process);
    }

    private static async Task<JsonElement> ReadAsync(Process process)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        var line = await process.StandardOutput.ReadLineAsync(limit.Token);
        return line is null
            ? throw new InvalidOperationException("the foreign nodes have ended; see what they wrote to the standard error")
            : JsonElement.Parse(line);
    }

    /// <summary>What a program complains of, if it fails.</summary>
    private static async Task<string?> RunAsync(string program, params object[] arguments)
    {
        using var process = Start(program, arguments, redirectError: true);
        if (process is null)
        {
            return $"there is no {program}";
        }

        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var said = await output + await error;
        return process.ExitCode == 0 ? null : said;
    }

    private static Process? Start(string program, IEnumerable<object> arguments, bool redirectError = false)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments.Select(static argument => $"{argument}"))
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = redirectError,
            });
        }
        catch (Win32Exception) // not installed
        {
            return null;
        }
    }
}

file static class JsonHex
{
    public static byte[] GetBytesFromHex(this JsonElement element) => Convert.FromHexString(element.GetString()!);
}
