using System.Diagnostics;
using AptP2P.EndToEnd.Harness;

namespace AptP2P.Bench.Packages;

/// <summary>An apt, with a clock.</summary>
internal sealed class Apt(AptFolder folder)
{
    public static Apt Create(string folder, Uri source)
    {
        var apt = AptFolder.Create(folder);
        apt.WriteSources([$"deb [trusted=yes] {source}debian bench main"]);
        return new Apt(apt);
    }

    public Task<TimeSpan> UpdateAsync() => RunAsync("-eany", "update");

    /// <summary>Downloads all, and forgets them afterwards.</summary>
    public async Task<TimeSpan> DownloadAsync(IEnumerable<string> packages, bool pipelining)
    {
        var took = await RunAsync(["-o", $"Acquire::http::Pipeline-Depth={(pipelining ? 10 : 0)}", "download", .. packages]);
        foreach (var file in new DirectoryInfo(folder.Downloads).GetFiles())
        {
            file.Delete();
        }

        return took;
    }

    private async Task<TimeSpan> RunAsync(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("apt-get", ["-q=2", .. arguments])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder.Downloads,
        };
        foreach (var (name, value) in folder.Environment)
        {
            start.Environment[name] = value;
        }

        var began = TimeProvider.System.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var took = TimeProvider.System.GetElapsedTime(began);
        return process.ExitCode == 0
            ? took
            : throw new InvalidOperationException($"apt-get ended with exit code {process.ExitCode}\n{output}");
    }
}
