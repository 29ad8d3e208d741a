using System.Diagnostics;

namespace AptP2P.Bench.Index;

/// <summary>The machine's own mirror, from apt's configuration.</summary>
internal static class Mirror
{
    /// <summary>Downloads the largest main index that apt is configured with, or returns nothing.</summary>
    public static async Task<string?> DownloadAsync(string folder)
    {
        using var apt = Process.Start(
            new ProcessStartInfo("apt-get", ["indextargets", "--format", "$(URI)", "Created-By: Packages"])
            {
                RedirectStandardOutput = true,
            }
        )!;
        var urls = (await apt.StandardOutput.ReadToEndAsync()).Split('\n');
        await apt.WaitForExitAsync();
        using var client = new HttpClient();
        string? largest = null;
        foreach (var url in urls.Where(url => url.Contains("/main/binary-", StringComparison.Ordinal)))
        {
            using var response = await client.GetAsync(new Uri(url + ".xz"));
            if (response.IsSuccessStatusCode && (largest is null || response.Content.Headers.ContentLength > new FileInfo(largest).Length))
            {
                largest = Path.Combine(folder, "Packages.xz");
                await using var file = File.Create(largest);
                await response.Content.CopyToAsync(file);
            }
        }

        return largest;
    }
}
