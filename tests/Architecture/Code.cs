using System.Reflection;
using AptP2P.Host.Configuration;
using AptP2P.Host.Daemon;
using AptP2P.Host.Plugins;
using AptP2P.Host.Plugins.Loading;

namespace AptP2P.Architecture;

/// <summary>The code under test: our assemblies as they run, and our files.</summary>
internal static class Code
{
    private static readonly Lazy<PluginSet> Loaded = new(() =>
        PluginSet
            .LoadAsync(new NodeOptions { Plugins = [Path.Combine(HostFolder, "plugins")] }, new Settings(new SettingList()))
            .GetAwaiter()
            .GetResult());

    public static Assembly Host => typeof(NodeOptions).Assembly;

    /// <summary>
    /// The namespace that an assembly is written in: its name, but for the host's, which is the command's, and for that of PortMapping,
    /// which the contract has a type of.
    /// </summary>
    public static string NamespaceOf(Assembly assembly) =>
        assembly == Host ? "AptP2P.Host"
        : assembly.GetName().Name is "AptP2P.PortMapping" ? "AptP2P.Ports"
        : assembly.GetName().Name!;

    public static Assembly Contract => typeof(IPlugin).Assembly;

    /// <summary>The plugins, loaded as the host loads them.</summary>
    public static IReadOnlyList<PluginEntry> PluginEntries => Loaded.Value.Entries;

    public static IEnumerable<IPlugin> Plugins => PluginEntries.Select(entry => entry.Plugin!);

    public static IEnumerable<Assembly> PluginAssemblies => Plugins.Select(plugin => plugin.GetType().Assembly);

    public static IEnumerable<Assembly> All => [Contract, Host, .. PluginAssemblies];

    public static string Repository => Metadata("Repository");

    /// <summary>Where the build has put the daemon, with its plugins in a folder below.</summary>
    public static string HostFolder => Metadata("Host");

    /// <summary>Our source files below some folders, without what the build makes.</summary>
    public static IEnumerable<string> Files(params string[] folders) =>
        folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    private static string Metadata(string key) => typeof(Code).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == key).Value!;
}
