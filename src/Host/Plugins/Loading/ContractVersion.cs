using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace AptP2P.Host.Plugins.Loading;

/// <summary>
/// Compares the contract that a plugin was built for with the host's, from the file's metadata: once its code runs, a newer contract shows
/// only as a missing member, somewhere, later.
/// </summary>
internal static class ContractVersion
{
    public static readonly string AssemblyName = typeof(IPlugin).Assembly.GetName().Name!;

    public static readonly Version Current = typeof(IPlugin).Assembly.GetName().Version!;

    /// <returns>Why the plugin cannot work with this host, or <see langword="null"/> when it can.</returns>
    public static string? Check(string assembly) => Check(Read(assembly));

    public static string? Check(Version? built) =>
        built is null ? $"it does not reference {AssemblyName}, so it is no plugin"
        : built.Major != Current.Major
            ? $"it was built for version {built} of the contract, this host has {Current}: they do not fit together"
        : built > Current
            ? $"it was built for version {built} of the contract, this host has {Current}: update the host, or use an older plugin"
        : null;

    private static Version? Read(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        return metadata.AssemblyReferences.Select(metadata.GetAssemblyReference)
            .Where(reference => metadata.StringComparer.Equals(reference.Name, AssemblyName))
            .Select(reference => reference.Version).FirstOrDefault();
    }
}
