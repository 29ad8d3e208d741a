namespace AptP2P.EndToEnd.Harness;

/// <summary>
/// An apt of its own: configuration, lists, archives and an empty dpkg status in a folder, so that the machine's are neither read nor
/// changed. The benchmarks use it too, so it knows nothing of tests.
/// </summary>
internal sealed class AptFolder
{
    private readonly string _folder;

    private AptFolder(string folder) => _folder = folder;

    public string Archives => Path.Combine(_folder, "var/cache/apt/archives");

    public string Lists => Path.Combine(_folder, "var/lib/apt/lists");

    /// <summary>An empty folder for what is downloaded into the current one.</summary>
    public string Downloads => Path.Combine(_folder, "downloads");

    /// <summary>What apt must find in its environment.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string> { ["APT_CONFIG"] = Path.Combine(_folder, "apt.conf") };

    public static AptFolder Create(string folder)
    {
        foreach (var part in (string[])["etc/apt/apt.conf.d", "etc/apt/sources.list.d", "etc/apt/preferences.d", "etc/apt/trusted.gpg.d",
            "var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "var/lib/dpkg", "downloads"])
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
            {{(System.Environment.IsPrivilegedProcess ? "APT::Sandbox::User \"root\";" : "")}}

            """);
        return new AptFolder(folder);
    }

    public void WriteSources(IEnumerable<string> lines) => File.WriteAllLines(Path.Combine(_folder, "etc/apt/sources.list"), lines);

    public void WriteConfiguration(string text) => File.WriteAllText(Path.Combine(_folder, "etc/apt/apt.conf.d/30apt-p2p"), text);
}
