using System.Diagnostics;
using System.Globalization;

namespace AptP2P.Bench.Index;

/// <param name="Seconds">Wall clock.</param>
/// <param name="Cpu">Processor time in seconds, which other work on the machine changes less.</param>
/// <param name="Memory">The most that was resident: for this project's program above what it had before, for the others all of it.</param>
/// <param name="Entries">Files learned.</param>
internal sealed record Measurement(double Seconds, double Cpu, long? Memory = null, long? Entries = null);

internal sealed record Program(string Name, Func<Task<Measurement>> RunAsync);

/// <summary>This project's learning, and what others need for the same input.</summary>
internal static class Programs
{
    public static IEnumerable<Program> All(string xz, string folder)
    {
        var plain = Path.Combine(folder, "Packages");
        Run("sh", "-c", $"xz -dc {xz} > {plain}").GetAwaiter().GetResult();
        var lz4 = plain + ".lz4";
        var gzip = plain + ".gz";
        Run("sh", "-c", $"lz4 -q {plain} {lz4}; gzip -c {plain} > {gzip}").GetAwaiter().GetResult();

        yield return new Program("AptP2P, Packages.xz, the daemon's first", () => LearnAsync(xz));
        yield return new Program("AptP2P, Packages.xz, its fifth", () => LearnAsync(xz, before: 4));
        yield return new Program("AptP2P, Packages.gz", () => LearnAsync(gzip));
        if (File.Exists(lz4))
        {
            yield return new Program("AptP2P, Packages.lz4", () => LearnAsync(lz4));
        }

        yield return new Program("AptP2P, Packages", () => LearnAsync(plain));
        yield return new Program("xz -dc (decompression alone)", () => TimeAsync($"xz -dc {xz} > /dev/null"));
        yield return new Program("apt-helper cat-file (the same)", () => TimeAsync($"/usr/lib/apt/apt-helper cat-file {xz} > /dev/null"));
        foreach (var program in Gencaches(plain, folder))
        {
            yield return program;
        }
    }

    /// <summary>apt's own parse and store: it builds its binary cache from a list that is decompressed already.</summary>
    private static IEnumerable<Program> Gencaches(string plain, string folder)
    {
        var root = Path.Combine(folder, "apt");
        foreach (
            var name in (string[])
                [
                    "etc/apt/apt.conf.d", "etc/apt/preferences.d", "var/lib/apt/lists/partial", "var/cache/apt/archives/partial",
                    "var/lib/dpkg",
                ])
        {
            Directory.CreateDirectory(Path.Combine(root, name));
        }

        File.WriteAllText(Path.Combine(root, "var/lib/dpkg/status"), "");
        File.WriteAllText(Path.Combine(root, "etc/apt/sources.list"), "deb [trusted=yes] http://ftp.us.debian.org/debian stable main\n");
        var list = Path.Combine(root, "var/lib/apt/lists/ftp.us.debian.org_debian_dists_stable_");
        File.Copy(plain, list + "main_binary-amd64_Packages");
        File.WriteAllText(list + "Release", "Suite: stable\nComponents: main\nArchitectures: amd64\n");
        var options =
            $"-o Dir={root} -o Dir::State::status={root}/var/lib/dpkg/status -o APT::Architecture=amd64 -o APT::Sandbox::User=root";
        yield return new Program("apt-cache gencaches, Packages", () =>
            TimeAsync($"rm -f {root}/var/cache/apt/*.bin; apt-cache {options} -q gencaches > /dev/null"));
    }

    private static async Task<Measurement> LearnAsync(string file, int before = 0)
    {
        var fields = (await Run(Environment.ProcessPath!, "learn", file, $"{before}")).Split(' ');
        return new Measurement(Number(fields[0]), Number(fields[1]), before == 0 ? (long)Number(fields[2]) : null, (long)Number(fields[3]));
    }

    private static async Task<Measurement> TimeAsync(string command)
    {
        var start = Stopwatch.GetTimestamp();
        var fields = (await Run("bash", "-c", $"TIMEFORMAT='%3U %3S'; {{ time {{ {command}; }} 2>/dev/null; }} 2>&1")).Split(' ');
        return new Measurement(Stopwatch.GetElapsedTime(start).TotalSeconds, Number(fields[0]) + Number(fields[1]));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static async Task<string> Run(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output.Trim()
            : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}");
    }
}
