using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AptP2P.Bench.Hits;

/// <param name="PerSecond">Requests per second.</param>
/// <param name="Median">Half of them were answered within this time.</param>
/// <param name="Slow">And 99 of 100 within this.</param>
/// <param name="Processor">Processor time of the server for one, in microseconds.</param>
internal sealed record Requests(double PerSecond, string Median, string Slow, double Processor);

/// <param name="PerSecond">Bytes per second.</param>
/// <param name="Processor">Processor time of the server for a billion of them, in seconds.</param>
internal sealed record Stream(double PerSecond, double Processor);

/// <summary>The clients: wrk for many small answers, curl for a large one.</summary>
internal sealed partial class Load(string folder, IReadOnlyList<ArchiveFile> small, ArchiveFile large)
{
    public const int SmallFile = 50_000;
    public const int LargeFile = 100_000_000;
    private const int Connections = 16;

    public async Task<Requests> RequestAsync(Uri source, Server server, int seconds)
    {
        var script = Path.Combine(folder, "requests.lua");
        await File.WriteAllTextAsync(script, $$"""
            local paths = { {{string.Join(", ", small.Select(file => $"'{source.AbsolutePath}{file.Path}'"))}} }
            local requests = {}
            local n = 0
            function init() for i = 1, #paths do requests[i] = wrk.format("GET", paths[i]) end end
            function request() n = n % #requests + 1; return requests[n] end
            """);
        var before = server.Usage.Processor;
        var output = await RunAsync(
            "wrk", "--threads=1", $"--connections={Connections}", $"--duration={seconds}s", "--latency", $"--script={script}",
            $"{source.Scheme}://{source.Authority}");
        var used = server.Usage.Processor - before;
        if (output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal))
        {
            throw new InvalidOperationException(output);
        }

        var count = Number(Count().Match(output));
        return new Requests(
            Number(Rate().Match(output)), Half().Match(output).Groups[1].Value, Most().Match(output).Groups[1].Value,
            used.TotalMicroseconds / count);
    }

    public async Task<Stream> DownloadAsync(Uri source, Server server, int times)
    {
        var before = server.Usage.Processor;
        var began = TimeProvider.System.GetTimestamp();
        await RunAsync(
            "curl",
            [
                "--silent",
                "--fail",
                .. Enumerable.Repeat(0, times).SelectMany(_ => (string[])["--output", "/dev/null", $"{source}{large.Path}"]),
            ]);
        var bytes = (double)large.Length * times;
        return new Stream(
            bytes / TimeProvider.System.GetElapsedTime(began).TotalSeconds, (server.Usage.Processor - before).TotalSeconds / bytes * 1e9);
    }

    private static double Number(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    private static async Task<string> RunAsync(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}\n{output}");
    }

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Count();

    [GeneratedRegex(@"Requests/sec: +([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"50% +(\S+)")]
    private static partial Regex Half();

    [GeneratedRegex(@"99% +(\S+)")]
    private static partial Regex Most();
}
