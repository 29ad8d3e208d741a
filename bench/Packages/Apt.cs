using System.Diagnostics;

namespace AptP2P.Bench.Packages;

/// <summary>An apt of its own, with its folders under one.</summary>
internal sealed class Apt
{
    private readonly string _folder;

    private Apt(string folder) => _folder = folder;

    public static Apt Create(string folder, Uri source)
    {
        foreach (var part in (string[])["etc/apt/apt.conf.d", "etc/apt/preferences.d", "etc/apt/sources.list.d", "etc/apt/trusted.gpg.d",
            "var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "var/lib/dpkg", "downloads"])
        {
            Directory.CreateDirectory(Path.Combine(folder, part));
        }

        File.WriteAllText(Path.Combine(folder, "var/lib/dpkg/status"), "");
        File.WriteAllText(Path.Combine(folder, "etc/apt/sources.list"), $"deb [trusted=yes] {source}debian bench main\n");
        File.WriteAllText(Path.Combine(folder, "apt.conf"), $$"""
            Dir "{{folder}}";
            Dir::State::status "{{folder}}/var/lib/dpkg/status";
            APT::Architecture "amd64";
            APT::Architectures { "amd64"; };
            Acquire::Languages "none";
            {{(Environment.IsPrivilegedProcess ? "APT::Sandbox::User \"root\";" : "")}}

            """);
        return new Apt(folder);
    }

    public Task<TimeSpan> UpdateAsync() => RunAsync("-eany", "update");

    /// <summary>Downloads all, and forgets them afterwards.</summary>
    public async Task<TimeSpan> DownloadAsync(IEnumerable<string> packages, bool pipelining)
    {
        var took = await RunAsync(["-o", $"Acquire::http::Pipeline-Depth={(pipelining ? 10 : 0)}", "download", .. packages]);
        var downloads = new DirectoryInfo(Path.Combine(_folder, "downloads"));
        foreach (var file in downloads.GetFiles())
        {
            file.Delete();
        }

        return took;
    }

    private async Task<TimeSpan> RunAsync(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("apt-get", ["-q=2", .. arguments]) { RedirectStandardOutput = true, WorkingDirectory = Path.Combine(_folder, "downloads") };
        start.Environment["APT_CONFIG"] = Path.Combine(_folder, "apt.conf");
        var began = TimeProvider.System.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var took = TimeProvider.System.GetElapsedTime(began);
        return process.ExitCode == 0 ? took : throw new InvalidOperationException($"apt-get ended with exit code {process.ExitCode}\n{output}");
    }
}
