namespace AptP2P.EndToEnd;

/// <summary>
/// An apt of its own: configuration, lists, archives and an empty dpkg status in a folder, so that the machine's are neither read nor changed.
/// </summary>
internal sealed class AptRoot
{
    private readonly string _folder;
    private readonly List<string> _options = [];

    private AptRoot(string folder) => _folder = folder;

    public string Archives => Path.Combine(_folder, "var/cache/apt/archives");

    public string Lists => Path.Combine(_folder, "var/lib/apt/lists");

    public static AptRoot Create(string folder)
    {
        foreach (var part in (string[])["etc/apt/apt.conf.d", "etc/apt/sources.list.d", "etc/apt/preferences.d", "etc/apt/trusted.gpg.d",
            "var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "var/lib/dpkg", "source"])
        {
            Directory.CreateDirectory(Path.Combine(folder, part));
        }

        File.WriteAllText(Path.Combine(folder, "var/lib/dpkg/status"), "");
        File.WriteAllText(Path.Combine(folder, "apt.conf"), $$"""
            Dir "{{folder}}";
            Dir::State::status "{{folder}}/var/lib/dpkg/status";
            APT::Architecture "amd64";
            APT::Architectures { "amd64"; };
            Acquire::Languages "none";
            {{(Environment.IsPrivilegedProcess ? "APT::Sandbox::User \"root\";" : "")}}

            """);
        return new AptRoot(folder);
    }

    /// <summary>Writes the source list: each line as in sources.list, without the type; both binary and source packages are read.</summary>
    public AptRoot WithSources(params IEnumerable<string> lines)
    {
        File.WriteAllLines(Path.Combine(_folder, "etc/apt/sources.list"), lines.SelectMany(line => (string[])[$"deb {line}", $"deb-src {line}"]));
        return this;
    }

    public AptRoot WithBinarySources(params IEnumerable<string> lines)
    {
        File.WriteAllLines(Path.Combine(_folder, "etc/apt/sources.list"), lines.Select(line => $"deb {line}"));
        return this;
    }

    /// <summary>Adds an option to every run, such as <c>Acquire::Retries=0</c>.</summary>
    public AptRoot WithOption(string option)
    {
        _options.AddRange(["-o", option]);
        return this;
    }

    public AptRoot ThroughProxy(Daemon daemon) => WithOption($"Acquire::http::Proxy={daemon.Address}");

    /// <summary>Any failure counts: without <c>-eany</c> apt calls an update with transient failures a success.</summary>
    public Task<CommandResult> UpdateAsync() => RunAsync(["-eany", "update"]);

    public Task<CommandResult> DownloadAsync(params IEnumerable<string> packages) => RunAsync(["--download-only", "--yes", "install", .. packages]);

    /// <summary>Gets source packages into <see cref="SourceFolder"/>.</summary>
    public Task<CommandResult> SourceAsync(params IEnumerable<string> packages) => RunAsync(["--download-only", "source", .. packages]);

    public string SourceFolder => Path.Combine(_folder, "source");

    /// <summary>The packages that apt has accepted.</summary>
    public IReadOnlyList<string> DownloadedArchives() => [.. Directory.EnumerateFiles(Archives, "*.deb").Order(StringComparer.Ordinal)];

    /// <summary>Lets the next download begin anew, with the lists kept.</summary>
    public void ForgetArchives()
    {
        foreach (var archive in DownloadedArchives())
        {
            File.Delete(archive);
        }
    }

    private Task<CommandResult> RunAsync(IEnumerable<string> arguments) => Command.RunAsync(
        "apt-get", [.. _options, .. arguments], new Dictionary<string, string> { ["APT_CONFIG"] = Path.Combine(_folder, "apt.conf") }, SourceFolder);
}
