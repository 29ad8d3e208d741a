using System.Reflection;
using System.Runtime.Loader;

namespace AptP2P.Host.Plugins;

/// <summary>
/// Loads one plugin's assemblies, apart from the host's and from other plugins': its own copies of packages, but the host's of what both share.
/// Nothing is ever unloaded; a change of plugins is a restart.
/// </summary>
internal sealed class PluginLoadContext(string assembly) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(assembly))
{
    private readonly AssemblyDependencyResolver _resolver = new(assembly);

    public Assembly LoadEntry() => LoadFromAssemblyPath(assembly);

    protected override Assembly? Load(AssemblyName assemblyName) =>
        _resolver.ResolveAssemblyToPath(assemblyName) is { } path && !SharedAssemblies.Contains(assemblyName.Name!)
            ? LoadFromAssemblyPath(path)
            : null; // the default context, which has the framework and the host

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}
