namespace AptP2P.EndToEnd.Harness;

/// <summary>The programs that these tests need from the machine.</summary>
internal static class Tools
{
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    public static string? FirstMissing(params IEnumerable<string> names) => names.FirstOrDefault(name => Find(name) is null);
}
