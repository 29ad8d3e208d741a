namespace AptP2P.Kit;

/// <summary>
/// A plugin author's machine: a home without anything of this one's, and a clone of what docs/plugins.md begins with. Made once, by
/// following it.
/// </summary>
public sealed class PluginKit : IAsyncLifetime
{
    /// <summary>All that is not of the kit was restored for this repository's own tests.</summary>
    private const string NoSources = "<configuration><packageSources><clear /></packageSources></configuration>";

    /// <summary>Each script builds several projects.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private static readonly string[] Cloned = ["src/Abstractions", "tests/Testing", "templates", "samples"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aptp2p-kit-");

    /// <summary>Where the reader has cloned the repository to.</summary>
    public string Clone => Path.Combine(_folder.FullName, "clone");

    public string Home => Path.Combine(_folder.FullName, "home");

    /// <summary>The plugin that the reader has made.</summary>
    public string Greeter => Path.Combine(Home, "Greeter");

    public string Packages => Path.Combine(Clone, "artifacts", "packages");

    public async ValueTask InitializeAsync()
    {
        var settings = Directory.CreateDirectory(Path.Combine(Home, ".nuget", "NuGet"));
        await File.WriteAllTextAsync(Path.Combine(settings.FullName, "NuGet.Config"), NoSources);
        foreach (var folder in Cloned)
        {
            Copy(new DirectoryInfo(Path.Combine(PluginGuide.Repository, folder)), Path.Combine(Clone, folder));
        }

        var settingsOfAll = Directory.EnumerateFiles(PluginGuide.Repository)
            .Where(file => Path.GetExtension(file) is ".props" or ".targets" or ".txt" or ".json" or ".editorconfig");
        foreach (var file in settingsOfAll.Append(Path.Combine(PluginGuide.Repository, "tests/Directory.Build.props")))
        {
            File.Copy(file, Path.Combine(Clone, Path.GetRelativePath(PluginGuide.Repository, file)));
        }

        (await RunAsync(PluginGuide.Script("Five minutes"), Clone)).Succeeded();
    }

    /// <summary>Has a shell do what the reader types.</summary>
    internal Task<CommandResult> RunAsync(string script, string folder) =>
        Command.RunAsync("bash", ["-euo", "pipefail", "-c", script], Environment(), folder, Patience);

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private Dictionary<string, string> Environment()
    {
        var user = System.Environment.GetEnvironmentVariable("HOME") ?? "/";
        var packages = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(user, ".nuget", "packages");
        return new()
        {
            ["HOME"] = Home,
            ["DOTNET_CLI_HOME"] = Home,
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1",
            ["MSBUILDDISABLENODEREUSE"] = "1", // a node that stays would keep the pipes open
            ["NUGET_PACKAGES"] = Path.Combine(Home, "packages"), // those of the kit are packed anew, under the same version
            ["NUGET_FALLBACK_PACKAGES"] = packages,
            ["NuGetAudit"] = "false", // it asks a source
        };
    }

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.EnumerateFiles())
        {
            file.CopyTo(Path.Combine(to, file.Name));
        }

        foreach (var folder in from.EnumerateDirectories().Where(folder => folder.Name is not ("bin" or "obj")))
        {
            Copy(folder, Path.Combine(to, folder.Name));
        }
    }
}

/// <summary>The tests that share it.</summary>
[CollectionDefinition(Name)]
public sealed class PluginKitCollection : ICollectionFixture<PluginKit>
{
    public const string Name = "plugin kit";
}
