using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace AptP2P.Bench.Soak;

/// <summary>What a daemon takes at a moment: by the kernel (proc(5)), and by its own status page.</summary>
/// <param name="Resident">Memory in bytes, with <paramref name="Anonymous"/>, which is what is neither a file's nor shared.</param>
/// <param name="Threads">Of the process.</param>
/// <param name="Files">File descriptors: files and sockets.</param>
/// <param name="Status">The status page's sections.</param>
internal sealed record Sample(long Resident, long Anonymous, int Threads, int Files, JsonNode Status)
{
    public static async Task<Sample> TakeAsync(HttpClient client, IPEndPoint endPoint, int process)
    {
        var status = JsonNode.Parse(await client.GetStringAsync(new Uri($"http://{endPoint}/p2p/status")))!;
        var kernel = File.ReadLines($"/proc/{process}/status")
            .Select(line => line.Split(':'))
            .ToDictionary(line => line[0], line => line[1]);
        return new Sample(
            Number("VmRSS") * 1024, Number("RssAnon") * 1024, (int)Number("Threads"),
            Directory.GetFileSystemEntries($"/proc/{process}/fd").Length, status);

        long Number(string key) => long.Parse(kernel[key].Trim().Split(' ')[0], CultureInfo.InvariantCulture); // sizes are in kB
    }

    public long Number(string section, string key) => (long?)Status[section]?[key] ?? 0;
}
