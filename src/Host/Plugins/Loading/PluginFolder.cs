namespace AptP2P.Host.Plugins.Loading;

/// <summary>Finds the plugins: a sub-folder each, so that each keeps its own dependencies.</summary>
internal static class PluginFolder
{
    /// <summary>Every sub-folder, in the order of their names.</summary>
    public static IEnumerable<string> List(string folder) =>
        Directory.EnumerateDirectories(folder).Where(path => Path.GetFileName(path)[0] != '.').Order(StringComparer.Ordinal);

    /// <summary>A plugin's own assembly, or the reason why there is none.</summary>
    public static string? FindAssembly(string path, string name, out string? reason)
    {
        reason = null;
        string[] named = [Path.Combine(path, $"AptP2P.{name}.dll"), Path.Combine(path, $"{name}.dll")];
        if (named.FirstOrDefault(File.Exists) is { } found)
        {
            return found;
        }

        var described = Directory
            .GetFiles(path, "*.deps.json")
            .Select(file => file[..^".deps.json".Length] + ".dll")
            .Where(File.Exists)
            .ToArray();
        reason = described.Length == 1 ? null : $"there is neither AptP2P.{name}.dll nor {name}.dll nor a single .deps.json in {path}";
        return described.Length == 1 ? described[0] : null;
    }
}
