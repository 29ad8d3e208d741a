using System.Diagnostics;
using System.Reflection;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Fuzz;

/// <summary>Runs <c>tests/Fuzz/run</c> with these assemblies, whose copy is instrumented once.</summary>
public sealed class Instruments : IAsyncLifetime
{
    private const int Missing = 2;

    private static readonly string Script = Path.Combine(Repository, "tests", "Fuzz", "run");

    private string? _missing;

    /// <summary>Where this project's corpus is.</summary>
    public static string Corpus => Path.Combine(Repository, "tests", "Fuzz", "corpus");

    private static string Repository =>
        typeof(Instruments)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "Repository")
            .Value!;

    public async ValueTask InitializeAsync()
    {
        var (code, output) = await RunAsync("--prepare");
        _missing = code == Missing ? output : null;
        Assert.True(code is 0 or Missing, output);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Fuzzes a target from a fixed seed.</summary>
    /// <param name="target">Its name.</param>
    /// <param name="seconds">After so many it ends.</param>
    /// <param name="execs">And after about so many inputs, so that where there is time enough a run is much the same everywhere.</param>
    /// <returns>The script's exit code, and what it says.</returns>
    public async Task<(int Code, string Output)> FuzzAsync(string target, int seconds, int execs) => _missing is null
        ? await RunAsync($"--target={target}", "--seed=12", $"--seconds={seconds}", $"--execs={execs}")
        : throw Requirement.Missing(_missing);

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Script, [.. arguments, $"--binaries={AppContext.BaseDirectory}"])
        {
            WorkingDirectory = Repository,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var cancellation = TestContext.Current.CancellationToken;
        await using var kill = cancellation.Register(() => process.Kill(entireProcessTree: true));
        var texts = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, string.Concat(texts).Trim());
    }
}
