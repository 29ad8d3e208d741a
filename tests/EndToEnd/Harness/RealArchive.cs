using AptP2P.Testing;

namespace AptP2P.EndToEnd.Harness;

/// <summary>A mirror that this machine uses, read from apt's configuration.</summary>
internal sealed record RealArchive(Uri Address, string Suite, string Keyring, IReadOnlyList<string> Options)
{
    private static readonly string[] Keyrings =
    [
        "/usr/share/keyrings/debian-archive-keyring.gpg",
        "/usr/share/keyrings/ubuntu-archive-keyring.gpg",
        "/etc/apt/trusted.gpg.d/debian-archive-keyring.gpg",
    ];

    /// <summary>The first one over http whose InRelease can be read; without one the test ends here.</summary>
    public static async Task<RealArchive> FindAsync()
    {
        if (Keyrings.FirstOrDefault(File.Exists) is not { } keyring)
        {
            throw Requirement.Missing("no archive keyring is installed");
        }

        var targets = await Command.RunAsync(
            "apt-get", ["indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"]);
        var options = await CheckOptionsAsync();
        foreach (var target in targets.Output.Split('\n'))
        {
            if (target.Split(' ') is [var address, var suite, "main"]
                && Uri.TryCreate(address, UriKind.Absolute, out var uri)
                && uri.Scheme == "http"
                && await AnswersAsync(new Uri(uri, $"dists/{suite}/InRelease")))
            {
                return new RealArchive(uri, suite, keyring, options);
            }
        }

        throw Requirement.Missing("apt's configuration names no http mirror that can be reached");
    }

    public string SourceLine(Daemon daemon) =>
        $"[signed-by={Keyring}] {daemon.Address}{Address.Authority}{Address.AbsolutePath} {Suite} main";

    /// <summary>A machine whose clock or mirror stands still has told its apt to overlook that.</summary>
    private static async Task<IReadOnlyList<string>> CheckOptionsAsync()
    {
        var dump = await Command.RunAsync("apt-config", ["dump", "--format", "%F=%v%n", "Acquire"]);
        return [.. dump.Output.Split('\n').Where(line => line.StartsWith("Acquire::Check-", StringComparison.Ordinal))];
    }

    private static async Task<bool> AnswersAsync(Uri file)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            using var answer = await client.GetAsync(file, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
