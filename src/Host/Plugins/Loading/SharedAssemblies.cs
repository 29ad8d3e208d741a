using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace AptP2P.Host.Plugins.Loading;

/// <summary>
/// The assemblies whose types host and plugin exchange: the contract and all that it references, directly or not. A plugin must use the
/// host's copies of these. With its own, its types would differ from the host's: no entry point, service or meter would be found, and
/// nothing would say why.
/// </summary>
internal static class SharedAssemblies
{
    // What plugins get by dependency injection, though no member of the contract mentions it.
    private static readonly string[] Promised =
    [
        "System.Diagnostics.DiagnosticSource", // a private copy has meters of its own, which nobody listens to
        "Microsoft.Extensions.Hosting.Abstractions",
        "Microsoft.Extensions.Logging.Abstractions",
        "Microsoft.Extensions.Options",
        "Microsoft.Extensions.Http",
    ];

    private static readonly Dictionary<string, string> HostFiles = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .DistinctBy(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase) // .NET lists its core library twice
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase);

    private static readonly Lazy<HashSet<string>> Closure = new(FindClosure);

    /// <summary>
    /// Whether the host's copy must be used. The closure is computed only when a plugin brings something that the host has too.
    /// </summary>
    public static bool Contains(string name) => HostFiles.ContainsKey(name) && Closure.Value.Contains(name);

    private static HashSet<string> FindClosure()
    {
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var waiting = new Stack<string>([ContractVersion.AssemblyName, .. Promised]);
        while (waiting.TryPop(out var name))
        {
            if (HostFiles.TryGetValue(name, out var path) && found.Add(name))
            {
                foreach (var reference in References(path))
                {
                    waiting.Push(reference);
                }
            }
        }

        return found;
    }

    private static string[] References(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
