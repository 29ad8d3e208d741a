using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using AptP2P.Testing.Networks;

namespace AptP2P.EndToEnd.Harness;

/// <summary>
/// The daemon as users run it: the real host in a process of its own, with the plugins of its folder, on an address of its own, so that all
/// can use the same port.
/// </summary>
internal sealed class Daemon(string name, IPAddress address, string state, IReadOnlyList<string> options, HeldPort? held = null)
    : IAsyncDisposable
{
    public const int Port = 9977;

    private const int HashDigits = 64; // a content's file is named by its SHA-256; what else lies there is not a content

    private static readonly string Host = typeof(Daemon)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(item => item.Key == "Host")
        .Value!;

    private readonly StringBuilder _output = new();
    private readonly List<(string Text, TaskCompletionSource Said)> _awaited = [];
    private Process? _process;
    private Task _readers = Task.CompletedTask;

    public Uri Address { get; } = new($"http://{address}:{Port}/");

    /// <summary>The host that it runs on; without one, it runs on an address of this machine.</summary>
    public NetworkNamespace? Inside { get; init; }

    public string EndPoint => $"{address}:{Port}";

    public string State => state;

    /// <summary>What its environment has besides the test's own.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>What is run: what this build made, if nothing else is said.</summary>
    public string Program { get; init; } = Host;

    /// <summary>While it runs.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>All that it has printed, over all its runs.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return $"=== {name} ({address})\n{_output}";
            }
        }
    }

    /// <summary>Starts it, on the state of its last run if there was one, and waits until it says that it listens.</summary>
    public async Task StartAsync()
    {
        string[] own = Inside is null
            ? [$"--Host:Bind={address}", $"--Host:Port={Port}", $"--Host:State={state}", "--Sharing:Archives=*"] // mirrors are on loopback
            : [$"--Host:State={state}"];
        string[] command = [Program, .. own, .. options];
        var (program, arguments) = held?.Pass("dotnet", command) ?? Inside?.Inside("dotnet", command) ?? ("dotnet", command);
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (
            var inherited in start
                .Environment.Keys.Where(key =>
                    key.StartsWith("APTP2P_", StringComparison.Ordinal) || key.StartsWith("OTEL_", StringComparison.Ordinal))
                .ToList())
        {
            start.Environment.Remove(inherited);
        }

        if (Inside is null) // neighbours that it could have are daemons of other tests, and nothing is to leave this machine
        {
            start.Environment["APTP2P_Neighbours_Lan__Interfaces"] = "none";
        }

        foreach (var (variable, value) in Variables)
        {
            start.Environment[variable] = value;
        }

        Note($"starts with {string.Join(' ', own.Concat(options))}");
        _process = Process.Start(start)!;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _readers = Task.WhenAll(CollectAsync(_process.StandardOutput, ready), CollectAsync(_process.StandardError, ready));
        var ended = _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (await Task.WhenAny(ready.Task, ended).WaitAsync(Command.Patience, TestContext.Current.CancellationToken) == ended)
        {
            var code = _process.ExitCode;
            await EndAsync(_process);
            Assert.Fail($"it ended with exit code {code} instead of listening\n{Output}");
        }
    }

    /// <summary>SIGTERM, as a service manager does; it must end by itself and in peace.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            Assert.False(process.HasExited, $"it has ended by itself\n{Output}");
            await SignalAsync("TERM");
            await EndAsync(process);
            Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode} after SIGTERM\n{Output}");
        }
    }

    /// <summary>SIGKILL, as the kernel does when memory ends.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await EndAsync(_process);
    }

    /// <summary>Lets it hang: its port is open, and nothing comes from there.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    public Task ContinueAsync() => SignalAsync("CONT");

    /// <summary>Waits until it has printed something: its log comes from a thread of its own.</summary>
    public async Task SaysAsync(string text)
    {
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_output)
        {
            if (_output.ToString().Contains(text, StringComparison.Ordinal))
            {
                return;
            }

            _awaited.Add((text, said));
        }

        try
        {
            await said.Task.WaitAsync(Command.Patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"it does not say '{text}'\n{Output}");
        }
    }

    /// <summary>A client on its host.</summary>
    public HttpClient NewClient() => Inside?.NewClient() ?? new HttpClient();

    /// <summary>The status page's data.</summary>
    public async Task<JsonNode> StatusAsync()
    {
        using var client = NewClient();
        return JsonNode.Parse(await client.GetStringAsync(new Uri(Address, "p2p/status"), TestContext.Current.CancellationToken))!;
    }

    /// <summary>Bytes that it fetched so far, by where they came from.</summary>
    public async Task<Traffic> TrafficAsync()
    {
        var status = await StatusAsync();
        return new Traffic(status["downloads"]!["mirrorBytes"]!.GetValue<long>(), status["downloads"]!["peerBytes"]!.GetValue<long>());
    }

    /// <summary>Where its store keeps a package once it is whole and verified.</summary>
    public string StoredFile(RepositoryPackage package) => Path.Combine(state, "content/sha256", package.Sha256[..2], package.Sha256);

    /// <summary>How many files it has, whole and verified.</summary>
    public int StoredFiles => Directory.EnumerateFiles(Path.Combine(state, "content"), "*", SearchOption.AllDirectories)
        .Count(file => Path.GetFileName(file).Length == HashDigits);

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task SignalAsync(string signal) => (await Command.RunAsync("sh", ["-c", $"kill -{signal} {_process!.Id}"])).Succeeded();

    private async Task EndAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Command.Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            Assert.Fail($"it does not end\n{Output}");
        }

        await _readers;
        Note($"ended with exit code {process.ExitCode}");
        _process = null;
    }

    private async Task CollectAsync(StreamReader reader, TaskCompletionSource ready)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            Note(line);
            if (line.Contains("is ready at", StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
        }
    }

    private void Note(string line)
    {
        lock (_output)
        {
            _output.Append(line).Append('\n');
            _awaited.FindAll(one => line.Contains(one.Text, StringComparison.Ordinal)).ForEach(one => one.Said.TrySetResult());
        }
    }
}

/// <summary>Bytes that a daemon received, by where they came from.</summary>
internal readonly record struct Traffic(long Mirror, long Peers);
