using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace AptP2P.Bench.Dht;

/// <summary>A process with nodes of one implementation, driven by lines of JSON.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    public const int Port = 6881;
    private static readonly string Foreign = typeof(NodeProcess)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static item => item.Key == "ForeignNodes")
        .Value!;

    private readonly Process _process;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _waiting = new();
    private readonly Task _reader;
    private int _commands;

    private NodeProcess(Process process) => (_process, _reader) = (process, Task.Run(() => ReadAsync(process)));

    /// <summary>The implementations, ours first, and how their nodes are started.</summary>
    public static IReadOnlyList<(string Name, string[] Command)> Implementations { get; } =
    [
        ("AptP2P", [Environment.ProcessPath!, "nodes"]),
        ("libtorrent 2.0.8", ["/usr/bin/python3", Path.Combine(Foreign, "libtorrent_nodes.py")]),
        ("bittorrent-dht 11.0.12", ["node", Path.Combine(Foreign, "bittorrent_dht_nodes.mjs")]),
    ];

    public int Id => _process.Id;

    /// <summary>Resident bytes.</summary>
    public long Memory =>
        1024
        * long.Parse(
            File.ReadLines($"/proc/{_process.Id}/status")
                .First(static line => line.StartsWith("VmRSS", StringComparison.Ordinal))
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture);

    /// <summary>Installs what npm must install, unless it is there.</summary>
    public static async Task InstallAsync()
    {
        if (!Directory.Exists(Path.Combine(Foreign, "node_modules", "bittorrent-dht")))
        {
            using var npm = Process.Start("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", Foreign]);
            await npm.WaitForExitAsync();
        }
    }

    /// <summary>Starts nodes and waits until each knows some others.</summary>
    public static async Task<NodeProcess> StartAsync(
        string[] command, string block, int count, IReadOnlyDictionary<string, string> environment)
    {
        object[] arguments = [.. command[1..], block, 1, count, Port];
        var start = new ProcessStartInfo(command[0], arguments.Select(static argument => $"{argument}"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        _ = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"{command[0]} has ended");
        return new NodeProcess(process);
    }

    public async Task<JsonElement> AskAsync(string what, int node, string key)
    {
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        var id = Interlocked.Increment(ref _commands);
        _waiting[id] = answer;
        var line = JsonSerializer.Serialize(new { id, @do = what, node, key });
        lock (_process)
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }

        return await answer.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close(); // its sign to go
        await _reader;
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ReadAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            var answer = JsonElement.Parse(line);
            if (_waiting.TryRemove(answer.GetProperty("id").GetInt32(), out var waiter))
            {
                waiter.SetResult(answer);
            }
        }

        foreach (var waiter in _waiting.Values)
        {
            waiter.TrySetException(new InvalidOperationException("the nodes have ended"));
        }
    }
}
