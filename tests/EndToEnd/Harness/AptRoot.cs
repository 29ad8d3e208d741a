using AptP2P.Testing.Networks;

namespace AptP2P.EndToEnd.Harness;

/// <summary>The apt of a test, and what it can be told to do.</summary>
internal sealed class AptRoot
{
    private readonly AptFolder _folder;
    private readonly List<string> _options = [];

    private AptRoot(AptFolder folder) => _folder = folder;

    /// <summary>The host that it runs on; without one, this machine.</summary>
    public NetworkNamespace? Inside { get; private set; }

    public string Lists => _folder.Lists;

    public string SourceFolder => _folder.Downloads;

    public static AptRoot Create(string folder) => new(AptFolder.Create(folder));

    public AptRoot On(NetworkNamespace host)
    {
        Inside = host;
        return this;
    }

    /// <summary>Writes the source list: each line as in sources.list, without the type; both binary and source packages are read.</summary>
    public AptRoot WithSources(params IEnumerable<string> lines)
    {
        _folder.WriteSources(lines.SelectMany(line => (string[])[$"deb {line}", $"deb-src {line}"]));
        return this;
    }

    public AptRoot WithBinarySources(params IEnumerable<string> lines)
    {
        _folder.WriteSources(lines.Select(line => $"deb {line}"));
        return this;
    }

    /// <summary>Adds an option to every run, such as <c>Acquire::Retries=0</c>.</summary>
    public AptRoot WithOption(string option)
    {
        _options.AddRange(["-o", option]);
        return this;
    }

    /// <summary>Adds a file to apt.conf.d.</summary>
    public AptRoot WithConfiguration(string text)
    {
        _folder.WriteConfiguration(text);
        return this;
    }

    public AptRoot ThroughProxy(Daemon daemon) => WithOption($"Acquire::http::Proxy={daemon.Address}");

    /// <summary>Any failure counts: without <c>-eany</c> apt calls an update with transient failures a success.</summary>
    public Task<CommandResult> UpdateAsync() => RunAsync(["-eany", "update"]);

    public Task<CommandResult> DownloadAsync(params IEnumerable<string> packages) =>
        RunAsync(["--download-only", "--yes", "install", .. packages]);

    /// <summary>Gets source packages into <see cref="SourceFolder"/>.</summary>
    public Task<CommandResult> SourceAsync(params IEnumerable<string> packages) => RunAsync(["--download-only", "source", .. packages]);

    /// <summary>The packages that apt has accepted.</summary>
    public IReadOnlyList<string> DownloadedArchives() =>
        [.. Directory.EnumerateFiles(_folder.Archives, "*.deb").Order(StringComparer.Ordinal)];

    /// <summary>Lets the next download begin anew, with the lists kept.</summary>
    public void ForgetArchives()
    {
        foreach (var archive in DownloadedArchives())
        {
            File.Delete(archive);
        }
    }

    /// <summary>Lets the next update begin anew.</summary>
    public void ForgetLists()
    {
        foreach (var list in Directory.GetFiles(Lists))
        {
            File.Delete(list);
        }
    }

    private Task<CommandResult> RunAsync(IEnumerable<string> arguments)
    {
        string[] all = [.. _options, .. arguments];
        var (program, inside) = Inside?.Inside("apt-get", all) ?? ("apt-get", all);
        return Command.RunAsync(program, inside, _folder.Environment, SourceFolder);
    }
}
