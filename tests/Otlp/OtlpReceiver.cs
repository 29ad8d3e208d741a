using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace AptP2P.Testing.Telemetry;

/// <summary>OpenTelemetry's own JavaScript decoder in a Node process: what it can read, any collector can.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private static readonly string Source = Path.Combine(AppContext.BaseDirectory, "receiver");

    private static readonly string Folder = typeof(OtlpReceiver).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "OtlpReceiver").Value!;

    private readonly Process _process;

    private OtlpReceiver(Process process, JsonElement ports) =>
        (_process, HttpPort, GrpcPort) = (process, ports.GetProperty("http").GetInt32(), ports.GetProperty("grpc").GetInt32());

    public int HttpPort { get; }

    public int GrpcPort { get; }

    /// <summary>Starts it on an address, or skips the test where there is no Node (but not in CI).</summary>
    public static async Task<OtlpReceiver> StartAsync(string address)
    {
        if (await InstallAsync() is { } problem)
        {
            throw Requirement.Missing(problem);
        }

        var process = Start("node", [Path.Combine(Source, "receiver.mjs"), Folder, address])!;
        return new OtlpReceiver(process, JsonElement.Parse((await process.StandardOutput.ReadLineAsync())!));
    }

    /// <summary>The next request, decoded.</summary>
    public async Task<JsonElement> ReceiveAsync(CancellationToken cancellationToken) =>
        JsonElement.Parse((await _process.StandardOutput.ReadLineAsync(cancellationToken))!);

    /// <summary>All requests that have come and were not asked for yet. It takes no more from then on.</summary>
    public async Task<IReadOnlyList<JsonElement>> ReceiveRestAsync(CancellationToken cancellationToken)
    {
        _process.StandardInput.Close();
        var rest = await _process.StandardOutput.ReadToEndAsync(cancellationToken);
        return [.. rest.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close(); // its sign to go
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<string?> InstallAsync()
    {
        if (Directory.Exists(Path.Combine(Folder, "node_modules", "@opentelemetry", "otlp-transformer")))
        {
            return null;
        }

        Directory.CreateDirectory(Folder);
        foreach (var name in new[] { "package.json", "package-lock.json" })
        {
            File.Copy(Path.Combine(Source, name), Path.Combine(Folder, name), overwrite: true);
        }

        using var npm = Start("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", Folder]);
        if (npm is null)
        {
            return "there is no npm";
        }

        npm.StandardInput.Close();
        var output = npm.StandardOutput.ReadToEndAsync();
        await npm.WaitForExitAsync();
        return npm.ExitCode == 0 ? null : $"npm cannot install OpenTelemetry's decoder: {await output}";
    }

    private static Process? Start(string program, IEnumerable<string> arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception) // not installed
        {
            return null;
        }
    }
}
