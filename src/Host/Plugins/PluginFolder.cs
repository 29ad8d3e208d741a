namespace AptP2P.Host.Plugins;

/// <summary>Finds the plugins: a sub-folder each, so that each keeps its own dependencies.</summary>
internal static class PluginFolder
{
    /// <summary>Every sub-folder, in the order of their names, with its assembly or the reason why there is none.</summary>
    public static IEnumerable<(string Name, string? Assembly, string? Reason)> List(string folder)
    {
        foreach (var path in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (name[0] != '.')
            {
                var assembly = FindAssembly(path, name);
                yield return (name, assembly, assembly is null ? $"there is neither AptP2P.{name}.dll nor {name}.dll nor a single .deps.json in {path}" : null);
            }
        }
    }

    private static string? FindAssembly(string path, string name)
    {
        string[] named = [Path.Combine(path, $"AptP2P.{name}.dll"), Path.Combine(path, $"{name}.dll")];
        if (named.FirstOrDefault(File.Exists) is { } found)
        {
            return found;
        }

        var described = Directory.GetFiles(path, "*.deps.json").Select(file => file[..^".deps.json".Length] + ".dll").Where(File.Exists).ToArray();
        return described.Length == 1 ? described[0] : null;
    }
}
