using System.Reflection;
using System.Runtime.Loader;
using McMaster.NETCore.Plugins;

namespace AptP2P.Host.Plugins.Loading;

/// <summary>
/// Loads one plugin's assemblies, apart from the host's and from other plugins': its own copies of packages, but the host's of what both
/// share. Nothing is ever unloaded; a change of plugins is a restart.
/// </summary>
internal static class PluginAssembly
{
    /// <exception cref="FileLoadException">The plugin brings a later version of something shared, whose types would be strangers to the
    /// host's.</exception>
    public static Assembly Load(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        var shared = Directory.EnumerateFiles(folder, "*.dll", SearchOption.AllDirectories)
            .Where(file => SharedAssemblies.Contains(Path.GetFileNameWithoutExtension(file))).Select(AssemblyName.GetAssemblyName).ToList();
        foreach (var copy in shared)
        {
            var ours = Assembly.Load(copy.Name!).GetName().Version;
            if (copy.Version > ours)
            {
                // The loader would take the plugin's copy then, without a word.
                throw new FileLoadException(
                    $"it brings {copy.Name} {copy.Version}, and the host has {ours}, which both must share: build it with that version "
                    + "or an earlier one");
            }
        }

        using var loader = PluginLoader.CreateFromAssemblyFile(path, plugin =>
        {
            plugin.IsLazyLoaded = true; // else it looks for what shared assemblies refer to by loading all of it; ours is the whole closure
            shared.ForEach(plugin.SharedAssemblies.Add);
        });
        return loader.LoadDefaultAssembly();
    }

    /// <summary>Whether two assemblies were loaded for one plugin, and neither is the host's.</summary>
    public static bool IsOfSame(Assembly plugin, Assembly other) =>
        AssemblyLoadContext.GetLoadContext(plugin) is { } own
        && own != AssemblyLoadContext.Default
        && AssemblyLoadContext.GetLoadContext(other) == own;
}
